#include "wire/fhir_shape.h"

#include <stdio.h>
#include <string.h>

/* ONE and MUST1 are single elements, MANY and SOME lists; MUST1 and SOME are required. */
enum card { ONE, MUST1, MANY, SOME };

static const struct shape {
    const char *of, *member;
    enum card card;
    const char *type; /* "text", "number", "flag", or the name of a shape */
} shapes[] = {
    {"*", "resourceType", MUST1, "text"}, {"*", "id", ONE, "text"}, {"*", "meta", ONE, "Meta"},
    {"*", "identifier", MANY, "Identifier"}, {"*", "contained", MANY, "Any"}, {"*", "extension", MANY, "Extension"},
    {"*", "text", ONE, "Any"},
    {"Meta", "source", ONE, "text"}, {"Meta", "versionId", ONE, "text"}, {"Meta", "lastUpdated", ONE, "text"},
    {"Meta", "tag", MANY, "Coding"}, {"Meta", "profile", MANY, "text"}, {"Meta", "security", MANY, "Coding"},
    {"Extension", "url", MUST1, "text"}, {"Extension", "valueInteger", ONE, "number"},
    {"Identifier", "system", ONE, "text"}, {"Identifier", "value", ONE, "text"}, {"Identifier", "use", ONE, "text"},
    {"Identifier", "type", ONE, "CodeableConcept"},
    {"CodeableConcept", "coding", MANY, "Coding"}, {"CodeableConcept", "text", ONE, "text"},
    {"Coding", "system", ONE, "text"}, {"Coding", "code", ONE, "text"}, {"Coding", "display", ONE, "text"},
    {"Quantity", "value", ONE, "number"}, {"Quantity", "comparator", ONE, "text"}, {"Quantity", "unit", ONE, "text"},
    {"Quantity", "system", ONE, "text"}, {"Quantity", "code", ONE, "text"},
    {"Reference", "reference", ONE, "text"}, {"Reference", "type", ONE, "text"},
    {"Reference", "identifier", ONE, "Identifier"}, {"Reference", "display", ONE, "text"},
    {"Period", "start", ONE, "text"}, {"Period", "end", ONE, "text"},
    {"HumanName", "use", ONE, "text"}, {"HumanName", "text", ONE, "text"}, {"HumanName", "family", ONE, "text"},
    {"HumanName", "given", MANY, "text"},
    {"ContactPoint", "system", ONE, "text"}, {"ContactPoint", "value", ONE, "text"}, {"ContactPoint", "use", ONE, "text"},
    {"PatientCommunication", "language", MUST1, "CodeableConcept"}, {"PatientCommunication", "preferred", ONE, "flag"},

    {"Patient", "active", ONE, "flag"}, {"Patient", "name", MANY, "HumanName"},
    {"Patient", "telecom", MANY, "ContactPoint"}, {"Patient", "gender", ONE, "text"}, {"Patient", "birthDate", ONE, "text"},
    {"Patient", "communication", MANY, "PatientCommunication"},

    {"Observation", "status", MUST1, "text"}, {"Observation", "code", MUST1, "CodeableConcept"},
    {"Observation", "subject", ONE, "Reference"}, {"Observation", "effectiveDateTime", ONE, "text"},
    {"Observation", "effectiveInstant", ONE, "text"}, {"Observation", "effectivePeriod", ONE, "Period"},
    {"Observation", "issued", ONE, "text"}, {"Observation", "valueQuantity", ONE, "Quantity"},
    {"Observation", "valueCodeableConcept", ONE, "CodeableConcept"}, {"Observation", "valueString", ONE, "text"},
    {"Observation", "valueInteger", ONE, "number"}, {"Observation", "valueBoolean", ONE, "flag"},
    {"Observation", "valueDateTime", ONE, "text"}, {"Observation", "component", MANY, "ObservationComponent"},
    {"ObservationComponent", "code", MUST1, "CodeableConcept"}, {"ObservationComponent", "valueQuantity", ONE, "Quantity"},
    {"ObservationComponent", "valueCodeableConcept", ONE, "CodeableConcept"},
    {"ObservationComponent", "valueString", ONE, "text"}, {"ObservationComponent", "valueInteger", ONE, "number"},
    {"ObservationComponent", "valueBoolean", ONE, "flag"}, {"ObservationComponent", "valueDateTime", ONE, "text"},

    {"Condition", "clinicalStatus", ONE, "CodeableConcept"}, {"Condition", "verificationStatus", ONE, "CodeableConcept"},
    {"Condition", "code", ONE, "CodeableConcept"}, {"Condition", "subject", MUST1, "Reference"},
    {"Condition", "onsetDateTime", ONE, "text"}, {"Condition", "onsetPeriod", ONE, "Period"},

    {"AllergyIntolerance", "clinicalStatus", ONE, "CodeableConcept"},
    {"AllergyIntolerance", "verificationStatus", ONE, "CodeableConcept"}, {"AllergyIntolerance", "code", ONE, "CodeableConcept"},
    {"AllergyIntolerance", "patient", MUST1, "Reference"}, {"AllergyIntolerance", "criticality", ONE, "text"},
    {"AllergyIntolerance", "reaction", MANY, "AllergyReaction"},
    {"AllergyReaction", "manifestation", SOME, "CodeableConcept"}, {"AllergyReaction", "description", ONE, "text"},

    {"MedicationRequest", "status", MUST1, "text"}, {"MedicationRequest", "medicationCodeableConcept", ONE, "CodeableConcept"},
    {"MedicationRequest", "medicationReference", ONE, "Reference"}, {"MedicationRequest", "subject", MUST1, "Reference"},
    {"MedicationRequest", "authoredOn", ONE, "text"},
    {"Medication", "code", ONE, "CodeableConcept"},

    {"Encounter", "status", MUST1, "text"}, {"Encounter", "class", MUST1, "Coding"},
    {"Encounter", "type", MANY, "CodeableConcept"}, {"Encounter", "subject", ONE, "Reference"},
    {"Encounter", "reasonCode", MANY, "CodeableConcept"}, {"Encounter", "period", ONE, "Period"},

    {"Coverage", "status", MUST1, "text"}, {"Coverage", "beneficiary", MUST1, "Reference"},
    {"Coverage", "payor", SOME, "Reference"}, {"Coverage", "subscriberId", ONE, "text"},
    {"Coverage", "period", ONE, "Period"}, {"Coverage", "class", MANY, "CoverageClass"},
    {"CoverageClass", "type", MUST1, "CodeableConcept"}, {"CoverageClass", "value", MUST1, "text"},
    {"CoverageClass", "name", ONE, "text"},
    {"Organization", "name", ONE, "text"},

    {"Device", "type", ONE, "CodeableConcept"}, {"Device", "serialNumber", ONE, "text"},
    {"Device", "deviceName", MANY, "DeviceName"}, {"DeviceName", "name", MUST1, "text"}, {"DeviceName", "type", MUST1, "text"},

    {"MedicationAdministration", "status", MUST1, "text"}, {"MedicationAdministration", "statusReason", MANY, "CodeableConcept"},
    {"MedicationAdministration", "medicationCodeableConcept", ONE, "CodeableConcept"},
    {"MedicationAdministration", "subject", MUST1, "Reference"}, {"MedicationAdministration", "effectivePeriod", ONE, "Period"},
    {"MedicationAdministration", "device", MANY, "Reference"}, {"MedicationAdministration", "note", MANY, "Annotation"},
    {"MedicationAdministration", "dosage", ONE, "Dosage"}, {"MedicationAdministration", "category", ONE, "CodeableConcept"},
    {"Annotation", "authorString", ONE, "text"}, {"Annotation", "text", MUST1, "text"}, {"Annotation", "time", ONE, "text"},
    {"Dosage", "text", ONE, "text"}, {"Dosage", "route", ONE, "CodeableConcept"}, {"Dosage", "dose", ONE, "Quantity"},
    {"Dosage", "rateQuantity", ONE, "Quantity"}, {"Dosage", "method", ONE, "CodeableConcept"},
    {"Extension", "valueQuantity", ONE, "Quantity"}, {"Extension", "valuePeriod", ONE, "Period"},
    {"Extension", "valueCode", ONE, "text"}, {"Extension", "valueString", ONE, "text"},
    {"Extension", "extension", MANY, "Extension"},

    {"CapabilityStatement", "status", MUST1, "text"}, {"CapabilityStatement", "date", MUST1, "text"},
    {"CapabilityStatement", "kind", MUST1, "text"}, {"CapabilityStatement", "fhirVersion", MUST1, "text"},
    {"CapabilityStatement", "format", SOME, "text"}, {"CapabilityStatement", "software", ONE, "CapabilitySoftware"},
    {"CapabilityStatement", "implementation", ONE, "CapabilityImplementation"}, {"CapabilityStatement", "rest", MANY, "CapabilityRest"},
    {"CapabilitySoftware", "name", MUST1, "text"}, {"CapabilitySoftware", "version", ONE, "text"},
    {"CapabilityImplementation", "description", MUST1, "text"}, {"CapabilityImplementation", "url", ONE, "text"},
    {"CapabilityRest", "mode", MUST1, "text"}, {"CapabilityRest", "resource", MANY, "CapabilityResource"},
    {"CapabilityRest", "security", ONE, "CapabilitySecurity"}, {"CapabilitySecurity", "description", ONE, "text"},
    {"CapabilityResource", "type", MUST1, "text"}, {"CapabilityResource", "interaction", MANY, "CapabilityInteraction"},
    {"CapabilityResource", "searchParam", MANY, "CapabilitySearch"},
    {"CapabilityInteraction", "code", MUST1, "text"},
    {"CapabilitySearch", "name", MUST1, "text"}, {"CapabilitySearch", "type", MUST1, "text"},

    {"Bundle", "type", MUST1, "text"}, {"Bundle", "entry", MANY, "BundleEntry"}, {"Bundle", "total", ONE, "number"},
    {"Bundle", "link", MANY, "BundleLink"}, {"BundleLink", "relation", MUST1, "text"}, {"BundleLink", "url", MUST1, "text"},
    {"BundleEntry", "fullUrl", ONE, "text"}, {"BundleEntry", "resource", ONE, "Any"},
    {"BundleEntry", "search", ONE, "Any"}, {"BundleEntry", "request", ONE, "BundleRequest"},
    {"BundleRequest", "method", MUST1, "text"}, {"BundleRequest", "url", MUST1, "text"},

    {"OperationOutcome", "issue", SOME, "OutcomeIssue"}, {"OutcomeIssue", "severity", MUST1, "text"},
    {"OutcomeIssue", "code", MUST1, "text"}, {"OutcomeIssue", "diagnostics", ONE, "text"},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* Sorted as R4 lists them. */
static const char types[] =
    " Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary"
    " BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem"
    " ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication CommunicationRequest"
    " CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest"
    " CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement"
    " DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest"
    " EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit"
    " FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization"
    " ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List"
    " Location Measure MeasureReport Media Medication MedicationAdministration MedicationDispense MedicationKnowledge"
    " MedicationRequest MedicationStatement MedicinalProduct MedicinalProductAuthorization"
    " MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient"
    " MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical"
    " MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence NamingSystem NutritionOrder"
    " Observation ObservationDefinition OperationDefinition OperationOutcome Organization OrganizationAffiliation"
    " Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole"
    " Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup ResearchDefinition"
    " ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis Schedule"
    " SearchParameter ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap Subscription"
    " Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation"
    " SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task TerminologyCapabilities"
    " TestReport TestScript ValueSet VerificationResult VisionPrescription ";

bool fhir_type_known(const char *type)
{
    char padded[64];
    if (!type[0] || strchr(type, ' ') || strlen(type) > sizeof padded - 3)
        return false;
    snprintf(padded, sizeof padded, " %s ", type);
    return strstr(types, padded) != NULL;
}

struct checker {
    char path[96];
    bool strict;
    struct err *e;
};

static const struct shape *find(const char *of, const char *member, bool resource)
{
    for (int i = 0; i < SHAPES; i++)
        if (strcmp(shapes[i].member, member) == 0 &&
            (strcmp(shapes[i].of, of) == 0 || (resource && shapes[i].of[0] == '*')))
            return &shapes[i];
    return NULL;
}

static bool is_type_used(const char *type)
{
    for (int i = 0; i < SHAPES; i++)
        if (strcmp(shapes[i].of, type) == 0)
            return true;
    return false;
}

static bool wrong(const struct checker *c, const char *what)
{
    return err_set(c->e, ERR_INPUT, c->path, "must be %s", what);
}

static bool check_map(struct checker *c, const struct node *n, const char *type, bool resource);

static bool check_one(struct checker *c, const struct node *n, const char *type)
{
    if (strcmp(type, "text") == 0)
        return n->kind == NODE_STRING || wrong(c, "text");
    if (strcmp(type, "number") == 0)
        return n->kind == NODE_NUMBER || wrong(c, "a number");
    if (strcmp(type, "flag") == 0)
        return n->kind == NODE_TRUE || n->kind == NODE_FALSE || wrong(c, "true or false");
    if (n->kind != NODE_MAP)
        return wrong(c, "an object");
    return strcmp(type, "Any") == 0 || check_map(c, n, type, false);
}

static bool check_member(struct checker *c, const struct node *n, const struct shape *s)
{
    size_t len = strlen(c->path);
    if (s->card == ONE || s->card == MUST1)
        return check_one(c, n, s->type);
    if (n->kind != NODE_LIST)
        return wrong(c, "a list");
    if (c->strict && n->count == 0)
        return wrong(c, "left out rather than empty");
    int i = 0;
    node_each(m, n) {
        snprintf(c->path + len, sizeof c->path - len, "[%d]", i++);
        /* R4 lets a list of primitives hold null where only an extension stands. */
        if (!(m->kind == NODE_NULL && strcmp(s->type, "text") == 0) && !check_one(c, m, s->type))
            return false;
    }
    c->path[len] = 0;
    return true;
}

static bool check_required(struct checker *c, const struct node *n, const char *type, bool resource)
{
    for (int i = 0; i < SHAPES; i++) {
        const struct shape *s = &shapes[i];
        bool mine = strcmp(s->of, type) == 0 || (resource && s->of[0] == '*');
        if (mine && (s->card == MUST1 || s->card == SOME) && !node_get(n, s->member))
            return err_set(c->e, ERR_INPUT, c->path, "%s needs %s", type, s->member);
    }
    return true;
}

static bool check_map(struct checker *c, const struct node *n, const char *type, bool resource)
{
    size_t len = strlen(c->path);
    if (c->strict && !check_required(c, n, type, resource))
        return false;
    node_each(m, n) {
        const struct shape *s = find(type, m->key, resource);
        if (!s && !c->strict)
            continue;
        snprintf(c->path + len, sizeof c->path - len, "%s%.60s", len ? "." : "", m->key);
        if (!s)
            return err_set(c->e, ERR_INPUT, c->path, "is not an element we know of %s", type);
        if (!check_member(c, m, s))
            return false;
        c->path[len] = 0;
    }
    return true;
}

bool fhir_shape_check(const struct node *resource, const char *type, bool strict, struct err *e)
{
    struct checker c = {.strict = strict, .e = e};
    if (!is_type_used(type) && !strict) { /* kept whole: only what makes its key */
        const struct node *id = node_get(resource, "id");
        return !id || id->kind == NODE_STRING || err_set(e, ERR_INPUT, "id", "must be text");
    }
    return check_map(&c, resource, type, true);
}
