'use strict';

const base = require('./jest.config.js');

/** What follows the integration tests: the policies against the calls that were written down. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/iam-proof/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
  maxWorkers: 1,
};
