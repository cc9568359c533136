import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The names in a folder, sorted; none of one that does not exist. */
export const namesIn = (root: string, folder: string): readonly string[] =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : [];

const NOT_OURS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', 'reports', 'data']);

/** The Markdown files of the project, without what tools put there. */
function markdownFiles(root: string, folder = '.'): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !NOT_OURS.has(name))
    .flatMap((entry) => {
      const path = normalize(join(folder, entry.name));
      if (entry.isDirectory()) return markdownFiles(root, path);
      return entry.name.endsWith('.md') ? [path] : [];
    })
    .sort();
}

/** Links to files that do not exist and to headings that no page has; decision records that no index lists. */
export function linkProblems(root: string): readonly string[] {
  const dead = markdownFiles(root).flatMap((path) =>
    linksOf(readFileSync(join(root, path), 'utf8')).flatMap((link) => {
      const why = linkProblem(root, path, link);
      return why === null ? [] : [`${path}: the link ${link} ${why}`];
    }),
  );
  const index = 'docs/adr/README.md';
  const listed = existsSync(join(root, index)) ? linksOf(readFileSync(join(root, index), 'utf8')) : [];
  const unlisted = namesIn(root, 'docs/adr').filter((name) => name !== 'README.md' && !listed.includes(name));
  return [...dead, ...unlisted.map((name) => `${index} does not list ${name}`)];
}

function linkProblem(root: string, from: string, link: string): string | null {
  if (/^[a-z]+:/i.test(link)) return null;
  const [file = '', heading] = link.split('#');
  const path = file === '' ? from : normalize(join(dirname(from), decodeURI(file)));
  if (!existsSync(join(root, path))) return 'leads to nothing';
  if (heading === undefined || !path.endsWith('.md')) return null;
  return headingsOf(readFileSync(join(root, path), 'utf8')).includes(heading) ? null : 'names no heading of that page';
}

const withoutCode = (text: string): string => text.replace(/^ *(`{3,})[^\n]*\n[\s\S]*?^ *\1 *$/gm, '');

const linksOf = (text: string): readonly string[] => {
  const prose = withoutCode(text).replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map((match) => match[1] ?? '');
  const html = [...prose.matchAll(/\b(?:src|srcset|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  return [...inline, ...html];
};

/** The anchors that GitHub makes of headings. */
const headingsOf = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/^#{1,6} +(.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
