import type { INestApplicationContext } from '@nestjs/common';
import { CustomersService } from '../customers/customers.service.js';
import { InstancesService } from '../instances/instances.service.js';
import type { Author } from '../database/authored.entity.js';

const CITIES = ['Tokyo', 'Osaka', 'Kyoto'];
const STAGES = [
  { name: 'Production', lifecycleStage: 'ACTIVE' },
  { name: 'Staging', lifecycleStage: 'TRIAL' },
];

/**
 * Fills the current organization with the demo: customers of Sakura in three cities, with two instances each. What is there already,
 * because an earlier start was interrupted, is left as it is.
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
}
