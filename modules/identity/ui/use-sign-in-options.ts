import { useQuery } from '@tanstack/react-query'
import { readOptions } from './doors.ts'

/** Whether this server knows Microsoft; undefined until it has said so. */
export const useSignInOptions = () =>
  useQuery({ queryKey: ['sign-in-options', {}], queryFn: () => readOptions({}), staleTime: 60_000 }).data
