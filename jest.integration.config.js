'use strict';

const base = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // A command of the AWS CLI takes half a second, and a story saves several times.
  testTimeout: 120_000,
  maxWorkers: 2,
};
