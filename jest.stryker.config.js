'use strict';

const base = require('./jest.config.js');

process.env.PROPERTY_RUNS ??= '5';

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/core/**/*.test.ts', '<rootDir>/test/rules/**/*.test.ts'],
};
