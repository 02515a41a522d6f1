/** The registered documents of the dashboard by their ids, and what each answers. */

import BREAKDOWNS from '../../documents/dashboard/hub-department/breakdowns.graphql?trusted';
import CHILDREN from '../../documents/dashboard/hub-department/children.graphql?trusted';
import EXPORT_STATISTICS from '../../documents/dashboard/hub-department/export-statistics.graphql?trusted';
import EXPORT from '../../documents/dashboard/hub-department/export.graphql?trusted';
import OVERVIEW from '../../documents/dashboard/hub-department/overview.graphql?trusted';
import SCOPE from '../../documents/dashboard/hub-department/scope.graphql?trusted';
import TREND from '../../documents/dashboard/hub-department/trend.graphql?trusted';
import type { UserError } from '../session/documents';
import type { Figures, Place } from './figures';

export { BREAKDOWNS, CHILDREN, EXPORT, EXPORT_STATISTICS, OVERVIEW, SCOPE, TREND };

export interface ScopeAnswer {
  readonly viewer: {
    readonly team: { readonly region: { readonly code: string } | null } | null;
    readonly departmentRegion: { readonly code: string } | null;
  };
}

/** Figures as of the period's end, with what is told beside the totals. */
export interface Standing extends Figures {
  readonly asOf: string;
  readonly activeVolunteers: number | null;
  readonly overdueRecords: number;
  readonly pendingReviews: number;
  readonly noShows: number | null;
  readonly communities: number;
  readonly coveredCommunities: number;
  readonly volunteersPerResident: number | null;
  readonly goal: number;
}

export interface OverviewAnswer {
  readonly region:
    | (Place & {
        readonly ancestors: readonly Place[];
        readonly now: Standing | null;
        readonly before: Figures | null;
      })
    | null;
}

export interface TrendAnswer {
  readonly region: {
    readonly statistics: {
      readonly months: readonly (Figures & { readonly month: string })[];
    } | null;
  } | null;
}

export interface ChildrenAnswer {
  readonly region: {
    readonly childStatistics:
      | readonly {
          readonly region: Place;
          readonly totals: Figures;
          readonly months: readonly { readonly records: number }[];
        }[]
      | null;
  } | null;
}

export interface BreakdownAnswer {
  readonly breakdown: {
    readonly isMultiValued: boolean;
    readonly cells: readonly { readonly value: string; readonly figure: number }[];
  } | null;
}

export interface BreakdownsAnswer {
  readonly serviceCategories: readonly { readonly code: string; readonly name: string }[];
  readonly first: BreakdownAnswer | null;
  readonly second: BreakdownAnswer | null;
}

export interface ExportJob {
  readonly id: string;
  readonly state: 'WAITING' | 'RUNNING' | 'DONE' | 'FAILED';
  readonly progress: number;
  readonly failure: string | null;
  readonly fileName: string | null;
  readonly url: string | null;
}

export interface ExportStatisticsAnswer {
  readonly exportStatistics: {
    readonly export: ExportJob | null;
    readonly userErrors: readonly UserError[];
  };
}

export interface ExportAnswer {
  readonly export: ExportJob | null;
}
