import type { FaultName } from "./faults.ts";

/**
 * The files and settings behind each fault: first as the installer has them (harbor.yml, and what its `prepare` writes into `common/config` and the
 * data volume), then as the Helm chart calls them.
 */
const PLACES: Readonly<Record<FaultName, readonly string[]>> = {
  "token-key": [
    "<data_volume>/secret/core/private_key.pem on each node (in core: TOKEN_PRIVATE_KEY_PATH, /etc/core/private_key.pem): copy one to all, restart core",
    "Helm: core.secretName, or core.tokenKey with core.tokenCert (where none is set, each upgrade makes a new key)",
  ],
  secretkey: [
    "<data_volume>/secret/keys/secretkey on each node (in core: /etc/core/key): take the one that the database was filled with",
    "Helm: secretKey or existingSecretSecretKey",
  ],
  storage: [
    "harbor.yml: storage_service, or what is mounted at data_volume (…/registry) on each node",
    "common/config/registry/config.yml: storage",
    "Helm: persistence.imageChartStorage, or persistence.persistentVolumeClaim.registry (existingClaim, accessMode ReadWriteMany)",
  ],
  "storage-stale": [
    "the mount behind data_volume: options that cache what is not there (NFS: actimeo, lookupcache), or a copying job in place of a share",
    "Helm: persistence.imageChartStorage; object storage has no such delay",
    "until then: let the balancer keep each client at one node",
  ],
  redis: [
    "harbor.yml: external_redis (host, sentinel_master_set, the *_db_index numbers)",
    "common/config/core/env: _REDIS_URL_CORE; common/config/jobservice/config.yml: redis_pool; common/config/registry/config.yml: redis",
    "Helm: redis.type external, redis.external.addr and its indexes",
  ],
  "upload-secret": [
    "common/config/registry/config.yml: http.secret (where it is missing, each start makes a new one)",
    "Helm: registry.secret or registry.existingSecret (REGISTRY_HTTP_SECRET)",
  ],
  "job-secret": [
    "JOBSERVICE_SECRET in common/config/core/env, common/config/jobservice/env and common/config/registryctl/env: each run of prepare makes a new one, so copy common/config from one node to all",
    "Helm: jobservice.secret or jobservice.existingSecret",
  ],
  "csrf-key": [
    "CSRF_KEY in common/config/core/env: each run of prepare makes a new one, so copy it from one node to all",
    "Helm: core.xsrfKey or core.existingXsrfSecret",
  ],
  database: [
    "harbor.yml: external_database.harbor (host, port, db_name)",
    "common/config/core/env: POSTGRESQL_HOST, POSTGRESQL_DATABASE",
    "Helm: database.type external, database.external.host and database.external.coreDatabase",
  ],
  clock: [
    "chrony or ntpd on the node: chronyc tracking, timedatectl",
    "virtual machines: the clock of the host",
  ],
  "core-down": [
    "the container harbor-core and the proxy before it: docker compose ps, /var/log/harbor/core.log",
    "Helm: the pods of the core component",
    "the way from here to the node: address, port, firewall, certificate",
  ],
  "registry-down": [
    "the container registry: docker compose ps, /var/log/harbor/registry.log; REGISTRY_URL in common/config/core/env",
    "Helm: the pods of the registry component",
  ],
  "jobservice-down": [
    "the container harbor-jobservice: docker compose ps, /var/log/harbor/jobservice.log; JOBSERVICE_URL in common/config/core/env",
    "Helm: the pods of the jobservice component",
  ],
  "registryctl-down": [
    "the container registryctl: docker compose ps, /var/log/harbor/registryctl.log; REGISTRY_CONTROLLER_URL in common/config/core/env",
    "Helm: the container registryctl in the pods of the registry component",
  ],
  version: [
    "the tags of the images in docker-compose.yml of each node: stop all, upgrade one, then the others",
    "Helm: one release, or the same chart version for all",
  ],
  realm: [
    "harbor.yml: external_url (else hostname), the address of the balancer on every node; common/config/core/env: EXT_ENDPOINT",
    "Helm: externalURL",
    "the balancer: whether it passes /service/token on",
  ],
};

/** The files and settings to look at. */
export function whereToLook(fault: FaultName): readonly string[] {
  return PLACES[fault];
}
