// Generates typed documents and their manifest from our SDL, as the codegen's own command would.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { buildASTSchema, parse } from 'graphql';

const [sdl, out, ...files] = process.argv.slice(2);

const schema = parse(await readFile(sdl, 'utf8'));
const documents = await Promise.all(
  files.map(async (location) => {
    const rawSDL = await readFile(location, 'utf8');
    return { location, rawSDL, document: parse(rawSDL) };
  }),
);
const sections = await preset.buildGeneratesSection({
  baseOutputDir: `${out}/`,
  schema,
  schemaAst: buildASTSchema(schema),
  documents,
  config: { enumsAsTypes: true, useTypeImports: true },
  presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' }, fragmentMasking: false },
  plugins: [],
  pluginMap: {},
  pluginContext: {},
});
// The manifest holds what the others found, so it is written last.
sections.sort((a, b) => a.filename.endsWith('.json') - b.filename.endsWith('.json'));
for (const section of sections) {
  await mkdir(dirname(section.filename), { recursive: true });
  await writeFile(section.filename, await codegen(section));
}
await writeFile(join(out, 'package.json'), '{"type": "module"}\n');
