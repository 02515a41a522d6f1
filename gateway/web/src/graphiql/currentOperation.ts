import type { Fetcher } from '@graphiql/toolkit';
import { Kind, parse } from 'graphql';

/**
 * A fetcher that never names an operation its document does not have.
 *
 * GraphiQL learns an edited document's operations a tenth of a second later, and until then names
 * the previous document's. A document of one operation then runs that one; of several, GraphQL
 * itself asks which.
 */
export function namingCurrentOperation(fetcher: Fetcher): Fetcher {
  return (params, options) => {
    const { operationName, ...unnamed } = params;
    const isCurrent = !operationName || operationNames(params.query).has(operationName);
    return fetcher(isCurrent ? params : unnamed, options);
  };
}

function operationNames(document: string): Set<string | undefined> {
  try {
    const definitions = parse(document).definitions;
    return new Set(
      definitions.map((each) =>
        each.kind === Kind.OPERATION_DEFINITION ? each.name?.value : undefined,
      ),
    );
  } catch {
    // What cannot be parsed is for the gateway to refuse, with its reason.
    return new Set();
  }
}
