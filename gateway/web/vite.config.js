import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';
import { trustedDocuments } from './trustedDocuments.js';

const COMPRESSIBLE = /\.(css|html|js|svg)$/;

/** Writes FILE.br and FILE.gz beside what the gateway serves, so that it compresses nothing itself. */
function precompress(outDir) {
  return {
    name: 'precompress',
    apply: 'build',
    async closeBundle() {
      const entries = await readdir(outDir, { recursive: true });
      for (const entry of entries.filter((name) => COMPRESSIBLE.test(name))) {
        const path = join(outDir, entry);
        if (await exists(`${path}.gz`)) continue; // of the page that was built before
        const bytes = await readFile(path);
        const params = {
          // 9 of 11: the last two steps cost ten times the time for three per cent.
          [constants.BROTLI_PARAM_QUALITY]: 9,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        await writeFile(`${path}.br`, brotliCompressSync(bytes, { params }));
        await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * One page at a time: built together, pages share chunks, and each of those is a request more for
 * whoever opens one page.
 */
const PAGE = process.env.PAGE;
if (!PAGE) throw new Error('PAGE names the page to build; `npm run build` builds them all.');

const outDir = resolve(import.meta.dirname, process.env.WEB_DIST ?? 'dist');

export default defineConfig({
  base: '/',
  build: {
    outDir,
    assetsDir: 'assets',
    target: 'es2022',
    // The editor is one large part by nature; a warning about it would hide a real one.
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      input: { [PAGE]: resolve(import.meta.dirname, `${PAGE}.html`) },
      checks: { pluginTimings: false },
      onwarn(warning, warn) {
        // Libraries mark modules "use client" for frameworks that render on a server; none does here.
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
      },
    },
  },
  worker: { format: 'es' },
  plugins: [trustedDocuments(), precompress(outDir)],
});
