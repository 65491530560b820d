import { useEffect } from 'react'
import { isColor, readable } from '../../platform/react/contrast.ts'
import { useMay, useRead } from '../../platform/react.tsx'

/** The organization's own accent in place of the product's, never paler than letters on it allow. Answers its logo. */
export function useBranding(): string {
  const may = useMay()
  const branding = useRead('settings.get', {}, { enabled: may('settings.read'), staleTime: 60_000 }).data?.branding
  const accent = branding?.accent ?? ''
  useEffect(() => {
    if (!isColor(accent)) return
    const { style, dataset } = document.documentElement
    dataset.branded = ''
    style.setProperty('--brand', readable(accent))
    // Mantine's filled controls, here and on hover.
    style.setProperty('--mantine-color-russet-6', 'var(--brand)')
    style.setProperty('--mantine-color-russet-7', 'color-mix(in oklab, var(--brand) 88%, black)')
    return () => {
      delete dataset.branded
      for (const name of ['--brand', '--mantine-color-russet-6', '--mantine-color-russet-7']) style.removeProperty(name)
    }
  }, [accent])
  return branding?.logo ?? ''
}
