// PostGraphile 5 as it is recommended for production, one process, on the benchmark's database;
// with its aggregates as well if they are asked for, which make its schema larger.
import { PgAggregatesPreset } from "@graphile/pg-aggregates";
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { jsonPgSmartTags } from "postgraphile/utils";

const [port, connectionString, aggregates] = process.argv.slice(2);

// Amber hides filters on columns without an index of their own; is_hub is the second column of one.
const tags = jsonPgSmartTags({
  version: 1,
  config: {
    attribute: {
      "public.teams.is_hub": { tags: { behavior: ["+condition:attribute:filterBy"] } },
      "public.teams.sort_key": { tags: { behavior: ["+attribute:orderBy"] } },
      "public.service_records.status": { tags: { behavior: ["+condition:attribute:filterBy"] } },
      "public.regions.code": { tags: { behavior: ["+attribute:orderBy"] } },
    },
  },
});

const preset = {
  extends: [PostGraphileAmberPreset, ...(aggregates ? [PgAggregatesPreset] : [])],
  plugins: [tags],
  pgServices: [
    makePgService({
      connectionString,
      schemas: ["public", "postgraphile"],
      poolConfig: { max: 10 },
    }),
  ],
  grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false, websockets: false },
  grafast: { explain: false },
};

const serv = postgraphile(preset).createServ(grafserv);
const server = createServer();
await serv.addTo(server);
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
