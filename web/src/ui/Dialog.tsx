// A dialog: takes the keys while it is open, gives the focus back after. Escape closes; nothing destructive is the default.
import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useKeys, type Key } from '../input/keyboard'

export function Dialog({ title, close, keys = [], size = 520, children }: {
  title: ReactNode
  close: () => void
  keys?: Key[]
  size?: number
  children: ReactNode
}) {
  useKeys(typeof title === 'string' ? title : 'This dialog', [...keys, { key: 'Escape', says: 'Close', run: close }], true)
  return (
    <Modal opened onClose={close} title={title} size={size} padding="md" radius="sm" transitionProps={{ duration: 0 }} closeOnEscape={false}
      closeButtonProps={{ 'aria-label': 'Close' }} styles={{ title: { fontWeight: 650, fontSize: 16 }, content: { background: 'var(--sheet)' }, header: { background: 'var(--sheet)' } }}>
      {children}
    </Modal>
  )
}
