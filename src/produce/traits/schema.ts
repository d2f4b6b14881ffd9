import { z } from 'zod';
import { NAME_PATTERN } from '../../contract/words.ts';

const positive = z.number().positive();

/** A published value with its published range: where about 19 of 20 lots lie. */
const range = (value: z.ZodNumber) =>
  z
    .strictObject({ low: value, typical: value, high: value })
    .refine((r) => r.low <= r.typical && r.typical <= r.high, { error: 'typical must lie between low and high' });

/** Pairs of temperature and value, see curve.ts. */
const points = (value: z.ZodNumber) =>
  z
    .array(z.tuple([z.number().min(-60).max(80), value]))
    .min(2)
    .refine((list) => list.every(([tempC], i) => i === 0 || tempC > list[i - 1]![0]), {
      error: 'temperatures must ascend',
    });

export const traitsSchema = z.strictObject({
  name: z.string().regex(NAME_PATTERN),
  /** Share of water in the mass. */
  waterShare: z.number().gt(0).lt(1),
  /** Where it begins to freeze, °C. */
  freezingC: range(z.number().max(0)),
  /** Heat of respiration by temperature, W per tonne, straight between the points. */
  respirationWPerTonne: points(positive),
  /** Factor between lots on the heat of respiration. */
  respirationShare: range(positive),
  /** Water lost, kg per kg of fruit, second and pascal of vapour-pressure deficit. */
  transpirationPerSPa: positive,
  /** Factor between lots on the water lost. */
  transpirationShare: range(positive),
  ripening: z.strictObject({
    /** How long it keeps where it is stored best, days. */
    storageDays: range(positive),
    /** Relative life by temperature, straight in the logarithm; 100 where it is stored best. */
    relativeLife: points(positive),
    /** Factor between lots on how far from 0 °C a temperature feels: 1.1 feels 10 °C as 11 °C. */
    temperatureShare: range(positive),
  }),
  /** Null for produce that cold does not harm. */
  chilling: z
    .strictObject({
      /** Days at the worst temperature until half of the fruit shows the injury when it is warmed. */
      injuryDays: range(positive),
      /** Speed by temperature, 1 at the worst. */
      relativeSpeed: points(z.number().min(0).max(1)),
    })
    .nullable(),
});

/** What is published of a produce, and how far lots differ: what estimates are made of. */
export type ProduceTraits = Readonly<z.infer<typeof traitsSchema>>;

/** A typical value between the ends of what about 19 of 20 lots keep to. */
export type Range = z.infer<ReturnType<typeof range>>;
