'use strict';

const { join } = require('node:path');
const base = require('./jest.config.js');

// The folder in which `npm run test:oldest-clients` has installed them.
const clients = join(process.env.ORIGIN_GUARD_OLDEST_CLIENTS, 'node_modules', '@aws-sdk');

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/oldest-clients/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  moduleNameMapper: {
    '^@aws-sdk/(client-(?:cloudfront|ec2|elastic-load-balancing-v2)(?:/package\\.json)?)$': join(clients, '$1'),
    ...base.moduleNameMapper,
  },
  maxWorkers: 1,
};
