import { type LogAnswer, type LogRequest, readLog } from './log-file.ts'

const answer = (message: LogAnswer) => postMessage(message)
let told = 0

addEventListener('message', ({ data }: MessageEvent<LogRequest>) => {
  readLog(data, (share) => {
    if (share - told < 0.02) return
    told = share
    answer({ kind: 'progress', share })
  })
    .then((log) => answer({ kind: 'done', log }))
    .catch((error: unknown) => answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }))
})
