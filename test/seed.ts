/** Property tests draw the same cases in every run, so that a red build is somebody's change; FC_SEED=random draws new ones. */
import fc from 'fast-check'

const wanted = process.env.FC_SEED
if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted ?? 20_261_120) })
