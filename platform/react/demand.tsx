/** Components whose code is fetched when it is first needed. */
import { type ComponentType, useEffect, useReducer } from 'react'

type Settled = { error?: unknown }

/**
 * A component that fetches its code when it is first shown, and shows nothing until then. After `preload` it is there at once,
 * in the same turn, so that what takes the focus on opening finds its fields; React's own `lazy` takes a turn even then.
 */
export function onDemand<P extends object>(load: () => Promise<ComponentType<P>>) {
  let Loaded: ComponentType<P> | undefined
  let loading: Promise<void> | undefined
  const fetched = () => {
    loading ??= load().then(
      (component) => {
        Loaded = component
      },
      (error: unknown) => {
        loading = undefined
        throw error
      },
    )
    return loading
  }
  function OnDemand(props: P) {
    const [{ error }, settle] = useReducer((_: Settled, next: Settled) => next, {})
    useEffect(() => {
      if (Loaded) return
      fetched().then(
        () => settle({}),
        (error: unknown) => settle({ error }),
      )
    }, [])
    if (error) throw error
    return Loaded ? <Loaded {...props} /> : null
  }
  return Object.assign(OnDemand, {
    /** Fetches the code ahead: on hover, on focus, or before opening. Never fails: what is shown then tries again and says why. */
    preload: () => fetched().catch(() => {}),
    /** Whether its code has been fetched. */
    isHere: () => Loaded !== undefined,
  })
}
