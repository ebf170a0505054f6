import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import {
  adapterMayImport,
  adapterNames,
  bannedFileWords,
  bannedWords,
  compositionRoots,
  everyAdapterMayImport,
  foreignNames,
  libraries,
  longestFile,
  mayImport,
  prescribedLines,
  roots,
  withoutLibraries,
} from './rules.js';

/** Everything in the tree below `root` that breaks a rule of `rules.ts`, one line of text each. Reads files only. */
export function breaches(root: string): string[] {
  const files = sourceFiles(root).map((file) => parse(root, file));
  return [
    ...files.flatMap((file) => [
      ...nameBreaches(file.path),
      ...importBreaches(file),
      ...shapeBreaches(file),
      ...wordBreaches(file),
    ]),
    ...cycles(files),
  ];
}

interface SourceFile {
  /** From the root, with forward slashes. */
  path: string;
  tree: ts.SourceFile;
  /** Paths of imported files, in the order of the text. Imports of types count like all others. */
  imports: string[];
  /** Imported packages and modules of Node's own, as written. */
  modules: string[];
}

function sourceFiles(root: string): string[] {
  return roots
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.[cm]?tsx?$/.test(file))
        .map((file) => path.posix.join(folder, file.split(path.sep).join('/'))),
    )
    .sort();
}

function parse(root: string, file: string): SourceFile {
  const text = readFileSync(path.join(root, file), 'utf8');
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const specifiers = importSpecifiers(tree);
  const isPath = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);
  return {
    path: file,
    tree,
    imports: specifiers
      .filter(isPath)
      .map((specifier) => path.posix.join(path.posix.dirname(file), specifier).replace(/\.js$/, '.ts')),
    modules: specifiers.filter((specifier) => !isPath(specifier)),
  };
}

function importSpecifiers(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword ||
        (ts.isIdentifier(node.expression) && node.expression.text === 'require'))
    ) {
      add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** `place` is a folder or a single file. */
const isIn = (file: string, place: string): boolean => file === place || file.startsWith(`${place}/`);
const isInOneOf = (file: string, places: readonly string[]): boolean =>
  places.some((place) => isIn(file, place));

/** `src/runner/sqlite/journal.ts` → `src/runner`; `commands/start.ts` → `commands`. */
function homeOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'src' ? `${first}/${second}` : first;
}

/** `src/runner/sqlite/journal.ts` → `src/runner/sqlite`; undefined outside of adapters. */
function adapterOf(file: string): string | undefined {
  const [first = '', second = '', third = '', ...rest] = file.split('/');
  const isAdapter = first === 'src' && rest.length > 0 && (adapterNames as readonly string[]).includes(third);
  return isAdapter ? `${first}/${second}/${third}` : undefined;
}

function importBreaches(file: SourceFile): string[] {
  const found: string[] = [];
  if (!isInOneOf(file.path, compositionRoots) && mayImport[homeOf(file.path)] === undefined) {
    found.push(`${file.path}: ${homeOf(file.path)} has no row in mayImport (test/architecture/rules.ts)`);
  }
  for (const target of file.imports) {
    const because = whyNot(file.path, target);
    if (because !== undefined) found.push(`${file.path} may not import ${target}: ${because}`);
  }
  for (const module of file.modules) {
    const because = whyNotModule(file.path, module);
    if (because !== undefined) found.push(`${file.path} may not import ${module}: ${because}`);
  }
  return found;
}

/** Why `from` may not import the file `to`, or undefined when it may. */
function whyNot(from: string, to: string): string | undefined {
  if (!isInOneOf(to, roots)) return `it is outside of ${roots.join(', ')}`;
  if (isInOneOf(from, compositionRoots)) return undefined;

  const [fromAdapter, toAdapter] = [adapterOf(from), adapterOf(to)];
  if (toAdapter !== undefined && toAdapter !== fromAdapter) {
    return fromAdapter === undefined
      ? `only ${compositionRoots.join(', ')} may import adapters`
      : 'an adapter may not import another adapter';
  }
  if (homeOf(from) === homeOf(to)) return undefined;

  const allowed =
    fromAdapter === undefined
      ? (mayImport[homeOf(from)] ?? [])
      : [...everyAdapterMayImport, ...(adapterMayImport[path.posix.basename(fromAdapter)] ?? [])];
  if (isInOneOf(to, allowed)) return undefined;
  return `${fromAdapter ?? homeOf(from)} may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing'}`;
}

/** Why `from` may not import the package or module of Node's own `specifier`, or undefined when it may. */
function whyNotModule(from: string, specifier: string): string | undefined {
  if (isInOneOf(from, withoutLibraries)) return `${homeOf(from)} imports no library`;
  const parts = specifier.replace(/^node:/, '').split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  const row = libraries.find(({ modules }) => modules.includes(name));
  if (row === undefined) {
    return isBuiltin(specifier) ? undefined : 'it has no row in libraries (test/architecture/rules.ts)';
  }
  if (row.onlyIn && !isInOneOf(from, row.onlyIn)) return `only ${row.onlyIn.join(', ')} may`;
  if (row.notIn && isInOneOf(from, row.notIn)) return `${row.notIn.join(', ')} may not`;
  return undefined;
}

function nameBreaches(file: string): string[] {
  const words = file.replace(/(\.d)?\.[cm]?tsx?$/, '').split('/');
  const odd = words.filter((word) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(word));
  const banned = words.flatMap((word) => word.split('-')).filter((word) => bannedFileWords.test(word));
  return [
    ...odd.map((word) => `${file}: "${word}" is not kebab-case`),
    ...banned.map((word) => `${file}: "${word}" says nothing as a name`),
    ...bannedWordsIn(file).map((word) => `${file}: the project does not say "${word}"`),
  ];
}

function shapeBreaches({ path: file, tree }: SourceFile): string[] {
  const found: string[] = [];
  const lines = tree.text.replace(/\n$/, '').split('\n').length;
  if (lines > longestFile) found.push(`${file}: ${lines} lines, more than ${longestFile}`);
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const { flags } = statement.declarationList;
    const isMutable = (flags & ts.NodeFlags.Let) !== 0 || (flags & ts.NodeFlags.BlockScoped) === 0;
    if (isMutable) found.push(`${file}:${lineOf(tree, statement)}: a variable of a module must be a const`);
  }
  return found;
}

function wordBreaches({ path: file, tree }: SourceFile): string[] {
  const found = new Set<string>();
  const add = (line: number, word: string): void => {
    found.add(`${file}:${line}: the project does not say "${word}"`);
  };

  // Any text: code, strings and comments.
  const lines = tree.text.split('\n');
  for (const [index, line] of lines.entries()) {
    const names =
      withoutPrescribed(line)
        .replace(/https?:\/\/\S+/g, '')
        .match(/\w+/g) ?? [];
    for (const name of names) {
      const isServers = /[^_]_[^_]/.test(name) || name === name.toUpperCase();
      if (!isServers) for (const word of bannedWordsIn(name)) add(index + 1, word);
    }
  }

  // Names that this project gives are not the server's, however they are written.
  const visit = (node: ts.Node): void => {
    if (isNaming(node) && node.name && ts.isIdentifier(node.name)) {
      for (const word of bannedWordsIn(node.name.text)) add(lineOf(tree, node.name), word);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found];
}

function withoutPrescribed(line: string): string {
  return prescribedLines.reduce((rest, prescribed) => rest.replace(prescribed, ''), line);
}

function bannedWordsIn(name: string): string[] {
  if ((foreignNames as readonly string[]).includes(name)) return [];
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => bannedWords.test(word));
}

/** Keys of objects and of interfaces are left out: they may be the names of a row's columns. */
function isNaming(node: ts.Node): node is ts.NamedDeclaration {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  );
}

const lineOf = (tree: ts.SourceFile, node: ts.Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;

/** Each cycle once, as `import cycle: a → b → a`, found by a walk that remembers the way it came. */
function cycles(files: SourceFile[]): string[] {
  const importsOf = new Map(files.map((file) => [file.path, file.imports]));
  const finished = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, way: string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) found.push(`import cycle: ${[...way.slice(start), file].join(' → ')}`);
    if (start >= 0 || finished.has(file)) return;
    for (const next of importsOf.get(file) ?? []) walk(next, [...way, file]);
    finished.add(file);
  };
  for (const file of files) walk(file.path, []);
  return found;
}
