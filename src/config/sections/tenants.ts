import { z } from 'zod';
import { name } from './common.js';

const declaration = z
  .strictObject({
    by: z.string().min(1).describe('Person who declares it.'),
    at: z.iso.date().describe('Day of the declaration, YYYY-MM-DD.'),
    reference: z.string().min(1).describe('Where the legal assessment is filed.'),
  })
  .describe(
    'Recorded declaration that hearing emotion on a leg with the voice of an agent is lawful here (EU AI Act Art. 5(1)(f) prohibits inferring emotions of employees). Without it that audio is dropped at the gateway.',
  );

export const tenantSection = z
  .strictObject({
    agentAudioDeclared: declaration.optional(),
    requireNotice: z
      .boolean()
      .describe('Analyse only calls whose caller was told that emotion is inferred (EU AI Act Art. 50(3)).')
      .default(false),
  })
  .describe('One tenant.');
export type TenantConfig = z.infer<typeof tenantSection>;

export const tenantsSection = z
  .record(name(), tenantSection)
  .describe('What is agreed with each tenant, by tenant name. A tenant that is not listed has the defaults.')
  .default({});
export type TenantsConfig = z.infer<typeof tenantsSection>;
