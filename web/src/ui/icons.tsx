// The rail's signs, drawn here: 20 × 20, one stroke.
const draw = (d: string) => <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true"><path d={d} /></svg>

export const icons = {
  floor: draw('M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z'),
  bedside: draw('M7 2h6v7a3 3 0 0 1-6 0zM10 12v2c0 2 3 1 3 4M7 5h6'),
  plans: draw('M5 3h10v14H5zM8 7h4M8 10h4M8 13h2'),
  pharmacy: draw('M8 3h4M9 3v4l-4 8a1.400 1.400 0 0 0 1.300 2h7.400a1.400 1.400 0 0 0 1.300-2l-4-8V3M7 12h6'),
  schedule: draw('M3 5h14v12H3zM3 9h14M7 3v3M13 3v3M7 12h4'),
  ready: draw('M4 6l1.500 1.500L8 5M4 12l1.500 1.500L8 11M11 6.500h6M11 12.500h6'),
  charges: draw('M5 3h10v14l-2.500-1.500L10 17l-2.500-1.500L5 17zM8 7h4M8 10h4'),
  interfaces: draw('M3 6h9M9 3l3 3-3 3M17 14H8M11 11l-3 3 3 3'),
  patient: draw('M10 10a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM4 17c.600-3.200 3-5 6-5s5.400 1.800 6 5'),
  questions: draw('M4 4h12v9H9l-3.500 3v-3H4zM7.500 7.500h5M7.500 10h3'),
  story: draw('M5 4v12M5 5h8M5 10h10M5 15h6'),
  search: draw('M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500 17 17'),
} as const
export type IconName = keyof typeof icons
