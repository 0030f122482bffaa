import { expect, test } from 'vitest';
import { ConfigSource } from './config-source.js';
import { parseOverride } from './override.js';

const TEXT = `plan:
  segments:
    - name: align
      data: &augmented { split: train, augment: [zoom] }
      until: { steps: 50 }
    - name: joint
      data: *augmented
      objective: caption
`;
interface Value {
  plan: { segments: { data: { split: string }; until?: { steps: number } }[] };
}
const value = (...overrides: string[]) =>
  ConfigSource.parse('my.yaml', TEXT, overrides.map(parseOverride)).toValue() as Value;

test('an item of a list is found by its place and by its name', () => {
  expect(value('plan.segments.0.until.steps=7').plan.segments[0]!.until).toEqual({ steps: 7 });
  expect(value('plan.segments.joint.until.steps=9').plan.segments[1]!.until).toEqual({ steps: 9 });
});

test('a change to what an anchor shares stays where it was asked for', () => {
  const { segments } = value('plan.segments.joint.data.split=val').plan;
  expect(segments.map(({ data }) => data.split)).toEqual(['train', 'val']);
});

test('a path that leads nowhere is told with what there is', () => {
  expect(() => value('plan.segments.warm.until.steps=1')).toThrow(
    /no.* item named "warm"; it has align, joint/,
  );
  expect(() => value('plan.segments.joint.objective.options.x=1')).toThrow(/objective is "caption", which/);
});

test('a mistake in an overridden value is placed at the override', () => {
  const source = ConfigSource.parse('my.yaml', TEXT, [parseOverride('plan.segments.joint.until.steps=x')]);
  expect(source.locate(['plan', 'segments', 1, 'until', 'steps'])).toMatch(/^override plan\.segments\.joint/);
});
