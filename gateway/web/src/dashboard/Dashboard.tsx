import { useEffect, useMemo, useRef, useState } from 'react';
import type { Capacity } from '../session/documents';
import type { Session } from '../session/session';
import type { Language } from '../texts';
import {
  firstDay,
  lastDay,
  METRICS,
  months as monthsOf,
  shift,
  useTodayInChina,
  useView,
  type Metric,
} from './address';
import { useAnswer, type Gateway } from './ask';
import { Breadcrumb } from './Breadcrumb';
import { Breakdown } from './Breakdown';
import { Children } from './Children';
import { DIMENSIONS, type Dimension } from './dimensions';
import {
  BREAKDOWNS,
  CHILDREN,
  OVERVIEW,
  SCOPE,
  TREND,
  type BreakdownsAnswer,
  type ChildrenAnswer,
  type OverviewAnswer,
  type ScopeAnswer,
  type TrendAnswer,
} from './documents';
import { ExportButton } from './ExportButton';
import { momentName } from './figures';
import { PeriodPicker } from './PeriodPicker';
import { Section } from './Section';
import { Signals } from './Signals';
import { DASHBOARD_TEXTS } from './texts';
import { Totals } from './Totals';
import { Trend } from './Trend';

interface DashboardProps {
  readonly gateway: Gateway;
  readonly session: Session;
  readonly capacity: Capacity;
  readonly language: Language;
  /** Is told which region is shown, for the title of the page. */
  readonly onPlace: (name: string | null) => void;
}

/** The figures of one region over a period, and the ways to others. */
export function Dashboard({ gateway, session, capacity, language, onPlace }: DashboardProps) {
  const texts = DASHBOARD_TEXTS[language];
  const today = useTodayInChina();
  const [view, go] = useView(today);
  const { period, metric, asMap } = view;
  const ask = <T,>(documentId: string, variables: object | null) =>
    useAnswer<T>(gateway, capacity.key, documentId, variables);

  const scope = ask<ScopeAnswer>(SCOPE, {});
  const viewer = scope.data?.viewer;
  const own = viewer?.departmentRegion?.code ?? viewer?.team?.region?.code ?? null;
  const region = own === null ? null : (view.region ?? own);

  const asOf = lastDay(period.to, today);
  const months = monthsOf(period).length;
  const about = region === null ? null : { region, asOf, months };
  const before = lastDay(shift(period.to, -1), today);
  const overview = ask<OverviewAnswer>(OVERVIEW, region === null ? null : { region, asOf, before });
  const trend = ask<TrendAnswer>(TREND, about);
  const children = ask<ChildrenAnswer>(CHILDREN, about);

  const [chosen, setChosen] = useState<Partial<Record<Metric, readonly [Dimension, Dimension]>>>({});
  const [first, second] = chosen[metric] ?? DIMENSIONS[metric];
  const breakdowns = ask<BreakdownsAnswer>(
    BREAKDOWNS,
    region === null
      ? null
      : {
          scope: { regionCode: region },
          from: firstDay(period.from),
          to: asOf,
          metrics: [metric.toUpperCase()],
          first,
          second,
        },
  );
  const categories = useMemo(
    () => new Map(breakdowns.data?.serviceCategories.map(({ code, name }) => [code, name])),
    [breakdowns.data],
  );

  const heading = useRef<HTMLHeadingElement>(null);
  const place = overview.data?.region;
  const name = place?.name ?? null;
  useEffect(() => {
    onPlace(name);
    return () => onPlace(null);
  }, [name, onPlace]);
  const found = useMemo(
    () =>
      (children.data?.region?.childStatistics ?? []).map((child) => ({
        region: child.region,
        figures: child.totals,
        course: child.months.map(({ records }) => records),
      })),
    [children.data],
  );
  const series = useMemo(
    () =>
      (trend.data?.region?.statistics?.months ?? []).map(({ month, ...figures }) => ({
        month: month.slice(0, 7),
        figures,
      })),
    [trend.data],
  );

  if (overview.state === 'answered' && !place?.now) {
    return (
      <main>
        <div className="card wide" role="alert">
          <p>{texts.noScope}</p>
          <button type="button" onClick={() => go({ region: null })}>
            {texts.home}
          </button>
        </div>
      </main>
    );
  }
  const above = place ? [...place.ancestors, place] : [];
  const visible = above.slice(Math.max(0, above.findIndex(({ code }) => code === own)));
  const open = (code: string) => {
    go({ region: code });
    scrollTo({ top: 0 });
    // What was pressed goes with the old region: who reads on by keyboard or ear begins with the new.
    heading.current?.focus({ preventScroll: true });
  };
  const parts = [
    { answer: breakdowns.data?.first, dimension: first, choose: (by: Dimension) => [by, second] as const },
    { answer: breakdowns.data?.second, dimension: second, choose: (by: Dimension) => [first, by] as const },
  ];

  return (
    <main>
      <div className="wide head">
        <div>
          {visible.length > 1 && <Breadcrumb places={visible} onOpen={open} texts={texts} />}
          <h2 ref={heading} tabIndex={-1} aria-live="polite">
            {name ?? '…'}
          </h2>
          <p className="as-of" role="status">
            {place?.now && texts.asOf(momentName(place.now.asOf, language))}
          </p>
        </div>
        <PeriodPicker
          period={period}
          today={today}
          onPeriod={(next) => go({ period: next })}
          texts={texts}
        />
        {region !== null && (
          <ExportButton
            gateway={gateway}
            session={session}
            region={region}
            since={firstDay(period.from)}
            until={asOf}
            texts={texts}
          />
        )}
      </div>
      <div className="wide">
        <Section title={texts.totals} answer={overview} texts={texts}>
          {({ region: shown }) =>
            shown?.now &&
            shown.before && (
              <>
                <Totals
                  now={shown.now}
                  before={shown.before}
                  metric={metric}
                  onMetric={(next) => go({ metric: next })}
                  texts={texts}
                  language={language}
                />
                <Signals standing={shown.now} texts={texts} language={language} />
              </>
            )
          }
        </Section>
      </div>
      <div className="wide">
        <Section title={`${texts.trend} · ${texts.metrics[metric]}`} answer={trend} texts={texts}>
          {() => <Trend months={series} metric={metric} texts={texts} language={language} />}
        </Section>
      </div>
      <div className="wide">
        <Section
          title={texts.children}
          answer={children}
          texts={texts}
          aside={
            <div className="switch">
              {asMap && (
                <select
                  aria-label={texts.metric}
                  value={metric}
                  onChange={(event) => go({ metric: event.target.value as Metric })}
                >
                  {METRICS.map((each) => (
                    <option key={each} value={each}>
                      {texts.metrics[each]}
                    </option>
                  ))}
                </select>
              )}
              <button type="button" aria-pressed={!asMap} onClick={() => go({ asMap: false })}>
                {texts.asTable}
              </button>
              <button type="button" aria-pressed={asMap} onClick={() => go({ asMap: true })}>
                {texts.asMap}
              </button>
            </div>
          }
        >
          {() => (
            <Children metric={metric} asMap={asMap} onOpen={open} texts={texts} language={language}>
              {found}
            </Children>
          )}
        </Section>
      </div>
      {parts.map(({ answer, dimension, choose }, index) => (
        <Section
          key={index}
          title={`${texts.breakdown} · ${texts.metrics[metric]}`}
          answer={breakdowns}
          texts={texts}
        >
          {() => (
            <Breakdown
              metric={metric}
              dimension={dimension}
              onDimension={(by) => setChosen((before) => ({ ...before, [metric]: choose(by) }))}
              answer={answer?.breakdown ?? null}
              categories={categories}
              texts={texts}
              language={language}
            />
          )}
        </Section>
      ))}
    </main>
  );
}
