const WIDTH = 96;
const HEIGHT = 22;

/** The course of a figure as one line; its height is relative to its own greatest value. */
export function Sparkline({ course }: { course: readonly number[] }) {
  const most = Math.max(...course, 1);
  const step = course.length > 1 ? (WIDTH - 4) / (course.length - 1) : 0;
  const points = course.map((value, index) => {
    const y = HEIGHT - 2 - (value / most) * (HEIGHT - 4);
    return `${(2 + index * step).toFixed(1)},${y.toFixed(1)}`;
  });

  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
