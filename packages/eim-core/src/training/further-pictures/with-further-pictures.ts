import { type Dataset, EimError } from '@eim/contracts';
import { CAPTION_PROBE } from '../../plan/measured-by-schema.js';
import type { Plan } from '../../plan/plan-schema.js';
import type { Segment } from '../../plan/segment-schema.js';
import { JoinedDataset, type JoinedSplits, joinedName } from './joined-dataset.js';

/** The one objective that labels pictures by itself. */
const LABELLING = 'words';

/** What a run or a forecast is told that reads a plan's data. */
interface Told {
  readonly plan: Plan;
  readonly dataset: Dataset;
}

/**
 * The same options, with segments that look at further pictures (`pseudo` of the objective `words`) on a split of their own:
 * that of the segment with those pictures behind it.
 * @throws EimError `invalid-config` where something else of the segment needs what is said of its pictures
 */
export function withFurtherPictures<Options extends Told>(options: Options): Options {
  const { plan, dataset } = options;
  const joined: JoinedSplits[] = [];
  const segments = plan.segments.map((segment) => {
    const further = furtherSplit(segment);
    if (further === undefined) return segment;
    refuseWhatNeedsAnswers(segment);
    const { split } = segment.data;
    joined.push({ split, further });
    return { ...segment, data: { ...segment.data, split: joinedName(split, further) } };
  });
  if (joined.length === 0) return options;
  return { ...options, plan: { ...plan, segments }, dataset: new JoinedDataset(dataset, joined) };
}

/** The split of a segment's further pictures; undefined where it has none. */
function furtherSplit({ objective: { use, options, auxiliary = [] } }: Segment): string | undefined {
  const named = [{ use, options }, ...auxiliary].filter((one) => one.use === LABELLING);
  const found = named.map((one) => (one.options.pseudo as { split?: unknown } | undefined)?.split);
  return found.find((split) => typeof split === 'string');
}

function refuseWhatNeedsAnswers({ name, objective, gate, captionsPerPicture }: Segment): void {
  const refuse = (why: string) =>
    new EimError({
      code: 'invalid-config',
      message: `Segment '${name}' labels pictures without captions (pseudo of '${LABELLING}'), but ${why}.`,
      advice: `Give '${LABELLING}' with pseudo a segment of its own.`,
      data: { segment: name },
    });
  if (objective.use !== LABELLING || objective.auxiliary)
    throw refuse('another of its losses needs what is said of each picture');
  if (gate?.metric === CAPTION_PROBE) throw refuse(`its gate '${CAPTION_PROBE}' trains on captions`);
  if (captionsPerPicture > 1) throw refuse('captionsPerPicture asks for several captions of each picture');
}
