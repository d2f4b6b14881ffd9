import type { PowerSource } from './refrigeration-unit.ts';

/** What keeping cold has used up. */
export interface EnergyUse {
  readonly electricKWh: number;
  readonly dieselL: number;
  readonly co2eKg: number;
}

/** Litres of diesel for a kilowatt-hour. ESTIMATES: a small engine at 30 %, a generator set at 36 % of 9.96 kWh/L. */
const LITRES_PER_KWH: Readonly<Record<PowerSource, number>> = { diesel: 0.335, generator: 0.28, grid: 0 };

/** IPCC (2006), mobile combustion: 74.1 kg CO₂/GJ; 43 MJ/kg and 0.84 kg/L. CH₄ and N₂O add about 1 %, left out. */
const CO2E_KG_PER_LITRE = 2.68;

/** ESTIMATE: the mean of the Chinese grid in the early 2020s; official factors go from about 0.53 to 0.58. */
const CO2E_KG_PER_GRID_KWH = 0.57;

/** Electricity or diesel, and emissions in use, for an amount of energy that the unit, fans and heater took. */
export function energyUse(power: PowerSource, takenJ: number): EnergyUse {
  const kWh = takenJ / 3.6e6;
  const dieselL = kWh * LITRES_PER_KWH[power];
  return {
    electricKWh: power === 'diesel' ? 0 : kWh,
    dieselL,
    co2eKg: dieselL * CO2E_KG_PER_LITRE + (power === 'grid' ? kWh * CO2E_KG_PER_GRID_KWH : 0),
  };
}
