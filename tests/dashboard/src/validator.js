// Splunk's own schema of a dashboard and Splunk's own validator.
import { createSchemaBasedOnPresets } from '@splunk/dashboard-definition';
import EnterpriseViewOnlyPreset from '@splunk/dashboard-presets/EnterpriseViewOnlyPreset';
import { DashboardValidator } from '@splunk/dashboard-validation';

const NAMESPACES_OF_SPLUNK = ['env', 'system'];

export const schema = createSchemaBasedOnPresets(EnterpriseViewOnlyPreset);

const validator = new DashboardValidator();
const refusal = validator.setSchema(schema);
if (refusal) {
    throw refusal;
}

export const validate = (definition) => validator.validate(definition, NAMESPACES_OF_SPLUNK) || [];
