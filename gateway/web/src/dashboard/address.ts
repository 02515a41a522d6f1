import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';

/** What the dashboard shows; it stands in the address, so that it can be kept, sent and gone back to. */
export interface View {
  /** Code of the region, or null for the viewer's own. */
  readonly region: string | null;
  readonly period: Period;
  readonly metric: Metric;
  readonly asMap: boolean;
}

export const METRICS = ['minutes', 'records', 'volunteers', 'teams', 'projects'] as const;
export type Metric = (typeof METRICS)[number];

/** The first and the last month, as YYYY-MM. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const LONGEST_PERIOD = 36;
const LOOK_EVERY_MS = 60_000;

export function useView(today: Date): [View, (change: Partial<View>) => void] {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const view = parse(search, today);
  const go = useCallback(
    (change: Partial<View>) => {
      const next = format({ ...parse(location.search, today), ...change });
      if (next === location.search) return;
      history.pushState(null, '', next || location.pathname);
      for (const listener of listeners) listener();
    },
    [today],
  );
  return [view, go];
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

/** The view of an address; what it does not say, or says wrong, is as it is at first. */
export function parse(search: string, today: Date): View {
  const given = new URLSearchParams(search);
  const from = given.get('from') ?? '';
  const to = given.get('to') ?? '';
  const metric = METRICS.find((each) => each === given.get('metric')) ?? 'minutes';
  const isPeriod = isMonth(from) && isMonth(to) && from <= to && months({ from, to }).length <= LONGEST_PERIOD;
  return {
    region: given.get('region'),
    period: isPeriod ? { from, to } : lastMonths(today, 12),
    metric,
    asMap: given.get('as') === 'map',
  };
}

function format({ region, period, metric, asMap }: View): string {
  const said = new URLSearchParams();
  if (region !== null) said.set('region', region);
  said.set('from', period.from);
  said.set('to', period.to);
  said.set('metric', metric);
  if (asMap) said.set('as', 'map');
  return `?${said}`;
}

function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}

/** The day that it is in China, by which figures are dated, as a date of this browser. */
export function useTodayInChina(): Date {
  const [day, setDay] = useState(dayInChina);
  useEffect(() => {
    const timer = setInterval(() => setDay(dayInChina()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return useMemo(() => {
    const [year, month, date] = day.split('-').map(Number) as [number, number, number];
    return new Date(year, month - 1, date);
  }, [day]);
}

function dayInChina(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format();
}

/** So many months, of which the current one is the last. */
export function lastMonths(today: Date, count: number): Period {
  return { from: monthOf(today.getFullYear(), today.getMonth() - count + 1), to: monthOf(today.getFullYear(), today.getMonth()) };
}

/** The months of a year that have begun. */
export function yearOf(year: number, today: Date): Period {
  const last = year === today.getFullYear() ? today.getMonth() : 11;
  return { from: monthOf(year, 0), to: monthOf(year, last) };
}

/** All months of a period, the oldest first. */
export function months({ from, to }: Period): string[] {
  const found = [];
  for (let at = from; at <= to; at = shift(at, 1)) found.push(at);
  return found;
}

/** The month so many months later. */
export function shift(month: string, by: number): string {
  const [year, index] = month.split('-').map(Number) as [number, number];
  return monthOf(year, index - 1 + by);
}

export function firstDay(month: string): string {
  return `${month}-01`;
}

/** The last day of a month, or today where the month still runs. */
export function lastDay(month: string, today: Date): string {
  const [year, index] = month.split('-').map(Number) as [number, number];
  const last = `${month}-${new Date(year, index, 0).getDate()}`;
  const now = `${monthOf(today.getFullYear(), today.getMonth())}-${String(today.getDate()).padStart(2, '0')}`;
  return last < now ? last : now;
}

function monthOf(year: number, index: number): string {
  const date = new Date(year, index, 1);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`;
}
