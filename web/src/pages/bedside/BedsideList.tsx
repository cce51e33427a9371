import type { PageProps } from '../../shell/pages'
export default function BedsideList(_: PageProps) { return null }
