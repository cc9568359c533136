'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const base = require('./jest.config.js');

/** What must be proven in each folder; a folder that does not exist yet is left out. */
const THRESHOLDS = {
  core: { lines: 100, functions: 100, branches: 95 },
  rules: { lines: 100, functions: 100, branches: 95 },
  remediation: { lines: 100, functions: 100 },
  prove: { lines: 90, functions: 90 },
  report: { lines: 90, functions: 90 },
  wire: { lines: 90, functions: 90 },
  aws: { lines: 90, functions: 90 },
  snapshot: { lines: 90, functions: 90 },
  cli: { lines: 90, functions: 90 },
  infra: { lines: 90, functions: 90 },
};
const folders = Object.keys(THRESHOLDS).filter((each) => existsSync(join(__dirname, each)));

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  // They prove much and cover nothing that other tests do not; `npm test` runs them.
  testPathIgnorePatterns: [...(base.testPathIgnorePatterns ?? []), '/laws/'],
  collectCoverage: true,
  // v8 would count a file of types alone, which nothing loads at run time, as uncovered.
  coverageProvider: 'babel',
  collectCoverageFrom: [...new Set(folders.map((each) => each.split('/')[0]))].map(
    (each) => `<rootDir>/${each}/**/*.ts`,
  ),
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'text-summary', 'json-summary', 'lcovonly'],
  coverageThreshold: Object.fromEntries(folders.map((each) => [`./${each}/`, THRESHOLDS[each]])),
};
