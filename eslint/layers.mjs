/**
 * Who may import whom. Imports point down only; this table is the one place that says so.
 *
 * `imports` is written as the rest of the path from the project's root: a folder ends with `/`, a file with `.js`,
 * `*` stands for one folder. A layer may always import itself. `only` narrows an import to names of that pattern.
 * `packages` are the npm packages; `node` opens the `node:*` builtins. A `pure` layer reaches the world only through
 * functions it is handed. `also` widens the packages for one file. A folder that is absent here (`test`) is free.
 *
 * @typedef {object} Layer
 * @property {readonly (string | { readonly path: string, readonly only: string })[]} imports
 * @property {readonly string[]} packages
 * @property {boolean} [node]
 * @property {boolean} [pure]
 * @property {boolean} [branchless]
 * @property {Readonly<Record<string, readonly string[]>>} [also]
 */

/** @type {Readonly<Record<string, Layer>>} */
export const LAYERS = {
  core: { imports: [], packages: ['zod'], pure: true, also: { 'core/model/cidr.ts': ['ipaddr.js'] } },
  rules: { imports: ['core/'], packages: ['zod'], pure: true },
  remediation: { imports: ['core/', 'rules/'], packages: ['zod'], pure: true },
  report: {
    imports: ['core/', 'rules/', 'remediation/'],
    packages: ['zod', 'cli-table3', 'picocolors'],
    pure: true,
  },
  prove: { imports: ['core/', 'remediation/'], packages: ['zod'], pure: true },
  wire: { imports: ['core/'], packages: ['zod'], pure: true },
  aws: { imports: ['core/', 'wire/', 'package.json'], packages: ['zod', '@aws-sdk', 'p-limit'], node: true },
  snapshot: { imports: ['core/', 'wire/'], packages: ['zod'], node: true },
  functions: {
    imports: ['core/', 'rules/', 'remediation/', 'report/', 'aws/', 'snapshot/'],
    packages: ['zod'],
    node: true,
    branchless: true,
  },
  cli: {
    imports: ['core/', 'wire/', 'rules/', 'remediation/', 'report/', 'aws/', 'snapshot/', 'package.json'],
    packages: ['zod', 'commander', 'picocolors'],
    node: true,
  },
  infra: {
    imports: [
      'core/',
      'rules/registry.js',
      'remediation/registry.js',
      'remediation/runbook/',
      'remediation/*/runbook.js',
      'remediation/*/rollback-runbook.js',
      { path: 'rules/*/exemption.js', only: '^EXEMPT_UNTIL_TAG$' },
      { path: 'aws/', only: '[iI]amActions$' },
    ],
    packages: ['zod', 'aws-cdk-lib', 'constructs', 'cdk-nag'],
    node: true,
  },
  scripts: {
    imports: [
      'core/',
      'rules/',
      'remediation/',
      'prove/',
      'report/',
      'aws/',
      'snapshot/',
      'functions/',
      'cli/',
      'infra/',
    ],
    packages: ['zod', 'ajv', 'esbuild', 'picocolors', 'prettier'],
    node: true,
  },
  bench: {
    imports: ['core/', 'rules/', 'remediation/', 'report/', 'aws/', 'snapshot/', 'functions/', 'cli/'],
    packages: ['zod', '@aws-sdk'],
    node: true,
  },
};

/** Folders nest no deeper than this inside a layer; a file below is itself an error. */
const MAX_DEPTH = 5;

const IMPURE_GLOBALS = [
  'process',
  'globalThis',
  'global',
  'fetch',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  '__dirname',
  '__filename',
];

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const pathPattern = (path) => {
  const inner = path.split('*').map(escape).join('[^/]+');
  return path.endsWith('/') ? inner : `${inner}$`;
};

const pathOf = (entry) => (typeof entry === 'string' ? entry : entry.path);

/** The import specifiers that one layer must not write, as regular expressions, for files `depth` folders below it. */
function forbidden(name, layer, depth, packages) {
  const root = `^(?:\\.\\./){${depth + 1}}`;
  const paths = [`${name}/`, ...layer.imports.map(pathOf)];
  const bare = packages.map((each) => `${escape(each)}(?:/|$)`);
  if (layer.node === true) bare.push('node:');
  const words = `itself${paths
    .slice(1)
    .map((path) => `, ${path}`)
    .join('')}`;
  return [
    {
      regex: `${root}(?!${paths.map(pathPattern).join('|')})`,
      message: `${name} may import only ${words} (eslint/layers.mjs)`,
    },
    {
      regex: `^(?!\\.)(?!${bare.join('|')})`,
      message: `${name} may use only these packages: ${[...packages, ...(layer.node === true ? ['node:*'] : [])].join(', ')} (eslint/layers.mjs)`,
    },
    {
      regex: String.raw`^\.(?!(?:/|(?:\./(?:\.\./)*))[^./][^/]*(?:/[^./][^/]*)*$)`,
      message: 'write a relative import the short way, so that the layers can be read from it',
    },
  ];
}

/** esquery ends a regular expression at the first slash, escaped or not. */
const inSelector = (regex) => regex.replaceAll('\\/', '/').replaceAll('/', '\\x2f');

function restrictedSyntax(layer, patterns) {
  const found = [
    ...patterns.flatMap(({ regex, message }) => [
      { selector: `ImportExpression[source.value=/${inSelector(regex)}/]`, message },
      { selector: `TSImportType[source.value=/${inSelector(regex)}/]`, message },
    ]),
    {
      selector: "ImportExpression[source.type!='Literal']",
      message: 'import() needs a literal, so that lint can read it',
    },
    { selector: 'TSExternalModuleReference', message: 'write `import ... from`' },
    { selector: "CallExpression[callee.name='require']", message: 'write `import ... from`' },
  ];
  if (layer.pure === true) {
    found.push(
      { selector: 'ImportExpression', message: 'a pure layer loads nothing at run time' },
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'take the time as an argument' },
      { selector: "CallExpression[callee.name='Date']", message: 'take the time as an argument' },
    );
  }
  if (layer.branchless === true) {
    found.push({ selector: 'IfStatement, ConditionalExpression', message: 'functions/ joins, it does not decide' });
  }
  return found;
}

function rulesFor(name, layer, depth, packages) {
  const patterns = forbidden(name, layer, depth, packages);
  const narrowed = layer.imports
    .filter((entry) => typeof entry !== 'string')
    .map(({ path, only }) => ({
      regex: `^(?:\\.\\./){${depth + 1}}${pathPattern(path)}`,
      allowImportNamePattern: only,
      message: `${name} may take only ${only} from ${path} (eslint/layers.mjs)`,
    }));
  const closed = narrowed.map(({ regex, message }) => ({ regex, message }));
  return {
    'no-restricted-imports': [
      'error',
      { patterns: [...patterns, ...narrowed].map((pattern) => ({ ...pattern, caseSensitive: true })) },
    ],
    'no-restricted-syntax': ['error', ...restrictedSyntax(layer, [...patterns, ...closed])],
    ...(layer.pure === true && {
      'no-restricted-globals': [
        'error',
        ...IMPURE_GLOBALS.map((global) => ({ name: global, message: `${name} is pure: take it as an argument` })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'take the time as an argument' },
        { object: 'Math', property: 'random', message: 'take the randomness as an argument' },
      ],
    }),
  };
}

/** Renders the table to ESLint configuration objects. */
export function layerConfigs(layers = LAYERS) {
  return Object.entries(layers).flatMap(([name, layer]) => [
    ...Array.from({ length: MAX_DEPTH + 1 }, (_, depth) => ({
      name: `layers/${name}/${depth}`,
      files: [`${name}/${'*/'.repeat(depth)}*.ts`],
      rules: rulesFor(name, layer, depth, layer.packages),
    })),
    {
      name: `layers/${name}/too-deep`,
      files: [`${name}/${'*/'.repeat(MAX_DEPTH + 1)}**/*.ts`],
      rules: { 'no-restricted-syntax': ['error', { selector: 'Program', message: 'too many folders in one another' }] },
    },
    ...Object.entries(layer.also ?? {}).map(([file, packages]) => ({
      name: `layers/${file}`,
      files: [file],
      rules: rulesFor(name, layer, file.split('/').length - 2, [...layer.packages, ...packages]),
    })),
  ]);
}
