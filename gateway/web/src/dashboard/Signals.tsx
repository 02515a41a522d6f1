import type { Language } from '../texts';
import type { Standing } from './documents';
import type { DashboardTexts } from './texts';

interface SignalsProps {
  readonly standing: Standing;
  readonly texts: DashboardTexts;
  readonly language: Language;
}

/** What the totals do not tell: who was active, what waits or came late, how far service reaches. */
export function Signals({ standing, texts, language }: SignalsProps) {
  const number = new Intl.NumberFormat(language);
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  // Null up to a day within a month that is over, as midnight makes of today.
  const counted = (figure: number | null) => (figure === null ? '–' : number.format(figure));
  const { communities, coveredCommunities, volunteersPerResident, goal } = standing;
  const told: readonly (readonly [string, string])[] = [
    [texts.signals.active, counted(standing.activeVolunteers)],
    [texts.signals.reviews, number.format(standing.pendingReviews)],
    [texts.signals.overdue, number.format(standing.overdueRecords)],
    [texts.signals.noShows, counted(standing.noShows)],
    ...(communities > 0
      ? [
          [
            texts.signals.coverage,
            `${share.format(coveredCommunities / communities)} (${number.format(coveredCommunities)}/${number.format(communities)})`,
          ] as const,
        ]
      : []),
    ...(volunteersPerResident === null
      ? []
      : [
          [
            texts.signals.perResident,
            `${share.format(volunteersPerResident)} (${texts.signals.goal(share.format(goal))})`,
          ] as const,
        ]),
  ];

  return (
    <dl className="signals">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
