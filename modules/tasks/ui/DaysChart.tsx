import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { utcDay } from '../../../platform/react/words.ts'
import { text } from './text.ts'

const words = text.dashboard

export type Day = { day: string; created: number; closed: number }

/** Created beside closed, a pair of bars for each day. For the pointer; the table beside says and links the same. */
export default function DaysChart({ days, onOpen }: { days: readonly Day[]; onOpen: (day: string, kind: string) => void }) {
  const data = days.map(({ day, created, closed }) => ({ day, label: utcDay(day), created, closed }))
  return (
    <BarChart
      h={230}
      data={data}
      dataKey="label"
      series={[
        { name: 'created', label: words.created, color: 'var(--series-1)' },
        { name: 'closed', label: words.closed, color: 'var(--series-2)' },
      ]}
      gridAxis="x"
      tickLine="none"
      yAxisProps={{ width: 34, allowDecimals: false, tickMargin: 4 }}
      xAxisProps={{ interval: 'preserveStartEnd', minTickGap: 28, tickMargin: 6 }}
      barChartProps={{ accessibilityLayer: false, barGap: 1, barCategoryGap: '18%' }}
      barProps={(series) => ({
        radius: 1,
        cursor: 'pointer',
        isAnimationActive: false,
        onClick: (bar) => onOpen(String((bar.payload as { day?: string } | undefined)?.day ?? ''), series.name),
      })}
      tooltipAnimationDuration={0}
    />
  )
}
