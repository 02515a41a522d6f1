import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** Makes `import ID from './x.graphql?trusted'` the id under which the gateway registers the file. */
export function trustedDocuments() {
  return {
    name: 'trusted-documents',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      if (query !== 'trusted') return null;
      this.addWatchFile(path);
      const digest = createHash('sha256').update(await readFile(path)).digest('hex');
      return `export default ${JSON.stringify(`sha256:${digest}`)};`;
    },
  };
}
