import type { Language } from '../texts';
import type { Metric } from './address';

/** The figures of a scope: stocks as of a day, or what happened in a period. */
export type Figures = Readonly<Record<Metric, number>>;

export interface Month {
  readonly month: string;
  readonly figures: Figures;
}

export interface Place {
  readonly code: string;
  readonly name: string;
  readonly level: string;
}

/** A region below: its figures, and the chosen metric by month. */
export interface Child {
  readonly region: Place;
  readonly figures: Figures;
  readonly course: readonly number[];
}

export interface Cell {
  readonly key: string;
  readonly label: string;
  readonly value: number;
}

const whole: Record<Language, Intl.NumberFormat> = {
  'zh-CN': new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 0 }),
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 0 }),
};
const short: Record<Language, Intl.NumberFormat> = {
  'zh-CN': new Intl.NumberFormat('zh-CN', { notation: 'compact', maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }),
};

/** A figure as people read it: time in hours, everything else as it is. */
export function shown(metric: Metric, value: number): number {
  return metric === 'minutes' ? value / 60 : value;
}

export function written(metric: Metric, value: number, language: Language): string {
  return whole[language].format(shown(metric, value));
}

export function shortly(value: number, language: Language): string {
  return short[language].format(value < 100 ? value : Math.round(value));
}

/** `+12 (+3.4%)`; no share of nothing. */
export function change(metric: Metric, now: number, before: number, language: Language): string {
  const sign = now > before ? '+' : '';
  const by = `${sign}${written(metric, now - before, language)}`;
  if (before === 0 || now === before) return by;
  const share = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format((now - before) / before);
  return `${by} (${share})`;
}

export function monthName(month: string, language: Language): string {
  const [year, index] = month.split('-').map(Number) as [number, number];
  return new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short' }).format(
    new Date(year, index - 1, 1),
  );
}

export function momentName(moment: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(moment),
  );
}
