// A partner's client: urql with generated documents, which never sends a text.
import { Client, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';

const [url, key, generated] = process.argv.slice(2);
const { OwnContractDocument, TeamsOfRegionDocument } = await import(`${generated}/graphql.ts`);

const sent = [];
const client = (preferGetForPersistedQueries) =>
  new Client({
    url,
    preferGetMethod: false,
    requestPolicy: 'network-only',
    exchanges: [
      persistedExchange({
        preferGetForPersistedQueries,
        enforcePersistedQueries: true,
        generateHash: async (_, document) => document.__meta__?.hash ?? '0'.repeat(64),
      }),
      fetchExchange,
    ],
    fetchOptions: { headers: { Authorization: `Bearer ${key}` } },
    fetch: async (address, options) => {
      sent.push([options.method, String(options.body ?? address)]);
      return fetch(address, options);
    },
  });

const answers = {};
for (const byGet of [false, true]) {
  const teams = await client(byGet).query(TeamsOfRegionDocument, { first: 2 }).toPromise();
  const contract = await client(byGet).query(OwnContractDocument, {}).toPromise();
  const unknown = await client(byGet)
    .query(gql('query Unregistered { viewer { role } }'), {})
    .toPromise();
  answers[byGet ? 'GET' : 'POST'] = {
    teams: teams.data,
    contract: contract.data,
    errors: [teams.error, contract.error].map((error) => error?.message ?? null),
    unknown: unknown.error?.graphQLErrors.map(({ extensions }) => extensions.code) ?? null,
  };
}
console.log(JSON.stringify({ answers, sent }));
