import { LONGEST_PERIOD, lastMonths, months, yearOf, type Period } from './address';
import type { DashboardTexts } from './texts';

interface PeriodPickerProps {
  readonly period: Period;
  readonly today: Date;
  readonly onPeriod: (period: Period) => void;
  readonly texts: DashboardTexts;
}

/** The months that the page is about: usual ones to press, others to enter. */
export function PeriodPicker({ period, today, onPeriod, texts }: PeriodPickerProps) {
  const year = today.getFullYear();
  const usual = [
    { title: texts.periods.last, months: lastMonths(today, 12) },
    { title: texts.periods.year, months: yearOf(year, today) },
    { title: texts.periods.before, months: yearOf(year - 1, today) },
  ];
  const now = lastMonths(today, 1).to;

  function enter(next: Period) {
    if (next.from !== '' && next.from <= next.to && months(next).length <= LONGEST_PERIOD) onPeriod(next);
  }

  return (
    <fieldset className="period">
      <legend className="unseen">{texts.period}</legend>
      {usual.map(({ title, months: { from, to } }) => (
        <button
          key={title}
          type="button"
          aria-pressed={from === period.from && to === period.to}
          onClick={() => onPeriod({ from, to })}
        >
          {title}
        </button>
      ))}
      <label>
        {texts.from}{' '}
        <input
          type="month"
          name="from"
          value={period.from}
          max={period.to}
          onChange={(event) => enter({ ...period, from: event.target.value })}
        />
      </label>
      <label>
        {texts.to}{' '}
        <input
          type="month"
          name="to"
          value={period.to}
          min={period.from}
          max={now}
          onChange={(event) => enter({ ...period, to: event.target.value })}
        />
      </label>
    </fieldset>
  );
}
