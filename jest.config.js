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
  maxWorkers: 2,
  // A busy machine is no failure; what hangs ends all the same.
  testTimeout: 60_000,
};
