import type { INestApplicationContext } from '@nestjs/common';
import { CustomersService } from '../customers/customers.service.js';
import { FeatureFlagsService } from '../feature-flags/feature-flags.service.js';
import { InstancesService } from '../instances/instances.service.js';
import type { Author } from '../database/authored.entity.js';
import { DEMO_FLAGS } from './flags.js';

const CITIES = ['Tokyo', 'Osaka', 'Kyoto'];
const STAGES = [
  { name: 'Production', lifecycleStage: 'ACTIVE' },
  { name: 'Staging', lifecycleStage: 'TRIAL' },
];

/**
 * Fills the current organization with the demo: customers of Sakura in three cities, with two instances each, and a feature flag of each
 * type. What is there already, because an earlier start was interrupted, is left as it is.
 */
export async function seedDemo(app: INestApplicationContext, author: Author): Promise<void> {
  const customers = app.get(CustomersService);
  const instances = app.get(InstancesService);
  for (const city of CITIES) {
    const slug = `sakura-${city.toLowerCase()}`;
    const domain = `${city.toLowerCase()}.sakura.example`;
    const customer =
      (await customers.find(slug)) ?? (await customers.create({ name: `Sakura ${city}`, slug, domain }, author));
    for (const { name, lifecycleStage } of STAGES) {
      const instanceSlug = `${slug}-${name.toLowerCase()}`;
      if (await instances.find(instanceSlug)) continue;
      const description = `${name} of ${customer.name}`;
      await instances.create(
        { name: `${customer.name} ${name}`, slug: instanceSlug, customerId: customer.id, description },
        author,
      );
      await instances.patch(instanceSlug, { lifecycleStage }, author);
    }
  }
  const flags = app.get(FeatureFlagsService);
  for (const flag of DEMO_FLAGS) {
    if (!(await flags.find(flag.slug))) await flags.create(flag, author);
  }
}
