'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

const FOLDERS = [
  'aws',
  'bench',
  'cli',
  'core',
  'functions',
  'infra',
  'prove',
  'remediation',
  'report',
  'rules',
  'scripts',
  'wire',
];

/** What `--coverage` must find in each folder. */
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

/** @type {import('jest').Config} */
module.exports = {
  rootDir: __dirname,
  roots: [...FOLDERS, 'snapshot', 'test']
    .filter((each) => existsSync(join(__dirname, each)))
    .map((each) => `<rootDir>/${each}`),
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/integration/',
    '<rootDir>/test/iam-proof/',
    ...(process.env.ORIGIN_GUARD_RECORDED ? [] : ['<rootDir>/test/recorded/']),
  ],
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  setupFilesAfterEnv: ['<rootDir>/test/support/watch-prints.ts'],
  maxWorkers: 2,
  // A busy machine is no failure; what hangs ends all the same.
  testTimeout: 60_000,
  // v8 would count a file of types alone, which nothing loads at run time, as uncovered.
  coverageProvider: 'babel',
  collectCoverageFrom: Object.keys(THRESHOLDS).map((each) => `<rootDir>/${each}/**/*.ts`),
  coverageDirectory: 'coverage',
  coverageReporters: ['text', 'text-summary', 'json-summary', 'lcovonly'],
  coverageThreshold: Object.fromEntries(Object.entries(THRESHOLDS).map(([each, least]) => [`./${each}/`, least])),
};
