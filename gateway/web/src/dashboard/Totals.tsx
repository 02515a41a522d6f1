import type { Language } from '../texts';
import { METRICS, type Metric } from './address';
import { change, written, type Figures } from './figures';
import type { DashboardTexts } from './texts';

interface TotalsProps {
  readonly now: Figures;
  readonly before: Figures;
  readonly metric: Metric;
  readonly onMetric: (metric: Metric) => void;
  readonly texts: DashboardTexts;
  readonly language: Language;
}

/** The totals as of the period's end; pressing one makes it the figure of the sections below. */
export function Totals({ now, before, metric, onMetric, texts, language }: TotalsProps) {
  return (
    <div className="totals">
      {METRICS.map((each) => (
        <button
          key={each}
          type="button"
          className="total"
          aria-pressed={each === metric}
          onClick={() => onMetric(each)}
        >
          <span className="name">{texts.metrics[each]}</span>
          <strong>{written(each, now[each], language)}</strong>
          <span className={`change ${direction(now[each], before[each])}`}>
            {change(each, now[each], before[each], language)} <small>{texts.sinceLastMonth}</small>
          </span>
        </button>
      ))}
    </div>
  );
}

function direction(now: number, before: number): 'up' | 'down' | 'still' {
  if (now === before) return 'still';
  return now > before ? 'up' : 'down';
}
