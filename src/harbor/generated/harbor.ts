// Written by scripts/generate-types.mjs from openapi/harbor.yaml. Do not edit.

export interface paths {
    "/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is anything alive? Touches no database.
         * @description 2.1 answers too but does not publish it.
         */
        get: operations["ping"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State of each component. Always 200, even when unhealthy. */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/systeminfo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What kind of Harbor this is. Anonymous callers get a small part only. */
        get: operations["getSystemInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts of projects and repositories. Totals for administrators only. */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who we are: 200 a user, 412 a robot, 401 nobody (wrong credentials). */
        get: operations["getCurrentUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/configurations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings of the Harbor. Administrators only; can't be granted to robots. */
        get: operations["getConfigurations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Projects that the account may see; with wrong credentials the public ones. */
        get: operations["listProjects"];
        put?: never;
        /** Creates a project; 409 when the name is taken. */
        post: operations["createProject"];
        delete?: never;
        options?: never;
        /** Is there a project of this name? 200 or 404. */
        head: operations["headProject"];
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name_or_id}": {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        /** One project. 2.1 takes the id only (422 for a name). */
        get: operations["getProject"];
        put?: never;
        post?: never;
        /** Removes an empty project; 412 while it has repositories. */
        delete: operations["deleteProject"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name_or_id}/artifacts": {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        /** All artifacts of a project in one listing. */
        get: operations["listProjectArtifacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name_or_id}/immutabletagrules": {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        /** Rules that freeze tags. 2.1 takes the project's id only (404 for a name). */
        get: operations["listImmutableTagRules"];
        put?: never;
        /** Adds a rule. */
        post: operations["createImmutableTagRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name_or_id}/webhook/policies": {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        /** Webhook policies of a project. There are none above projects. */
        get: operations["listWebhookPolicies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
            };
            cookie?: never;
        };
        /** The audit log of a project, frozen from 2.13 on. */
        get: operations["listProjectLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
            };
            cookie?: never;
        };
        /** Repositories of a project. */
        get: operations["listProjectRepositories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories/{repository_name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
            };
            cookie?: never;
        };
        /** One repository. */
        get: operations["getRepository"];
        put?: never;
        post?: never;
        /** Removes a repository with all artifacts; 412 when a tag is immutable. */
        delete: operations["deleteRepository"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories/{repository_name}/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
            };
            cookie?: never;
        };
        /** Artifacts of a repository. A repository that is not there answers an empty list. */
        get: operations["listArtifacts"];
        put?: never;
        /** Copies an artifact with all its tags from another repository of this Harbor. */
        post: operations["copyArtifact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        /** One artifact by tag or digest. */
        get: operations["getArtifact"];
        put?: never;
        post?: never;
        /** Removes an artifact and every tag on it; 412 when immutable or part of an index. */
        delete: operations["deleteArtifact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        /** Tags of one artifact. */
        get: operations["listTags"];
        put?: never;
        /** Adds a tag. Never moves one, 409 when the repository has that tag. */
        post: operations["createTag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/tags/{tag_name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
                /** @description The tag. */
                tag_name: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a tag from exactly this artifact; 404 when it moved away, 412 when immutable. */
        delete: operations["deleteTag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/projects/{project_name}/repositories/{repository_name}/artifacts/{reference}/accessories": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        /** Signatures, SBOMs and the like that belong to an artifact. */
        get: operations["listAccessories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/repositories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Repositories of all projects that the account may see. */
        get: operations["listRepositories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/registries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Endpoints of this Harbor. 2.1 and 2.2 give all at once, without pages. */
        get: operations["listRegistries"];
        put?: never;
        /** Creates an endpoint. The other side must be up and take the credentials now, else 400, 500 or its own status. */
        post: operations["createRegistry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/registries/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reaches the other side from inside this Harbor: 200 good, 400 credentials refused, 500 not reached. */
        post: operations["pingRegistry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/registries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** One endpoint. From 2.3 on id 0 is this Harbor itself. */
        get: operations["getRegistry"];
        /** Changes the fields that are sent; the result must be reachable now, as for creation. */
        put: operations["updateRegistry"];
        post?: never;
        /** Removes an endpoint; 412 while a replication policy or proxy project uses it. */
        delete: operations["deleteRegistry"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/registries/{id}/info": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** What replication through this endpoint can do. Asks the other side. */
        get: operations["getRegistryInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Replication policies. */
        get: operations["listReplicationPolicies"];
        put?: never;
        /** Creates a replication policy; 409 when the name is taken. Neither patterns nor the peer are checked. */
        post: operations["createReplicationPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/policies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** One replication policy. */
        get: operations["getReplicationPolicy"];
        /** Replaces a policy whole. What is left out is reset; no filters means everything. */
        put: operations["updateReplicationPolicy"];
        post?: never;
        /** Removes a policy with its executions; 412 while one is not final. */
        delete: operations["deleteReplicationPolicy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Firings of replication policies, newest first unless sorted. */
        get: operations["listExecutions"];
        put?: never;
        /** Runs a whole policy now, whatever its trigger; 412 when disabled (400 in 2.1). */
        post: operations["startExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/executions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** One execution. Its status lags behind its counters by up to 30 s from 2.8 on. */
        get: operations["getExecution"];
        /** Stops an execution; one that has no task turns Stopped at once. */
        put: operations["stopExecution"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/executions/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** Copies that an execution consists of, one a repository. */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/executions/{id}/tasks/{task_id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
                /** @description The task. */
                task_id: number;
            };
            cookie?: never;
        };
        /** What a task wrote down, the only place that says why it failed. Kept a day, on the node that ran it. */
        get: operations["getTaskLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/replication/adapters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Kinds of endpoints that replication can reach. */
        get: operations["listAdapters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log, frozen from 2.13 on. A robot without the right gets an empty list. */
        get: operations["listAuditLogs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auditlog-exts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log under its new address. */
        get: operations["listAuditLogExts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auditlog-exts/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Kinds of events that can be written to the audit log. */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/system/purgeaudit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs of the job that purges the audit log. */
        get: operations["listAuditPurges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/retentions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** A tag retention policy; its id is in the project's metadata. */
        get: operations["getRetention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Storage limits and use. */
        get: operations["listQuotas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quotas/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        /** One quota. */
        get: operations["getQuota"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/robots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Robot accounts; system ones, or those of a project by `q`. */
        get: operations["listRobots"];
        put?: never;
        /** Creates a robot. Its secret is shown in this answer only. */
        post: operations["createRobot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/robots/{robot_id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The robot. */
                robot_id: number;
            };
            cookie?: never;
        };
        /** One robot. */
        get: operations["getRobot"];
        put?: never;
        post?: never;
        /** Removes a robot. */
        delete: operations["deleteRobot"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description What every refusal carries. */
        Errors: {
            errors?: components["schemas"]["Error"][];
        };
        Error: {
            /** @description In capitals, e.g. NOT_FOUND. */
            code?: string;
            message?: string;
        };
        Health: {
            /** @description healthy or unhealthy. */
            status?: string;
            components?: components["schemas"]["ComponentHealth"][];
        };
        ComponentHealth: {
            name?: string;
            status?: string;
            error?: string;
        };
        SystemInfo: {
            /** @description db_auth, ldap_auth, oidc_auth, uaa_auth or http_auth. */
            auth_mode?: string;
            primary_auth_mode?: boolean;
            self_registration?: boolean;
            banner_message?: string | null;
            /** @description `v2.9.0-<commit>`; from 2.13 on only for who is logged in. */
            harbor_version?: string;
            external_url?: string;
            registry_url?: string;
            /** @description everyone or adminonly. */
            project_creation_restriction?: string;
            has_ca_root?: boolean;
            /** @description 2.1 says it without publishing it. */
            registry_storage_provider_name?: string;
            /** @description 2.1 says it without publishing it. */
            read_only?: boolean;
            notification_enable?: boolean;
            /**
             * Format: date-time
             * @description This Harbor's clock.
             */
            current_time?: string;
            oidc_provider_name?: string | null;
        };
        Statistics: {
            private_project_count?: number;
            private_repo_count?: number;
            public_project_count?: number;
            public_repo_count?: number;
            total_project_count?: number;
            total_repo_count?: number;
            /** @description Bytes. */
            total_storage_consumption?: number;
        };
        User: {
            user_id?: number;
            username?: string;
            email?: string;
            realname?: string;
            comment?: string;
            sysadmin_flag?: boolean;
            /** @description Made administrator by a group of the login provider. */
            admin_role_in_auth?: boolean;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        Configurations: {
            auth_mode?: components["schemas"]["TextSetting"];
            project_creation_restriction?: components["schemas"]["TextSetting"];
            self_registration?: components["schemas"]["BooleanSetting"];
            read_only?: components["schemas"]["BooleanSetting"];
            quota_per_project_enable?: components["schemas"]["BooleanSetting"];
            storage_per_project?: components["schemas"]["NumberSetting"];
            token_expiration?: components["schemas"]["NumberSetting"];
            robot_name_prefix?: components["schemas"]["TextSetting"];
            robot_token_duration?: components["schemas"]["NumberSetting"];
            notification_enable?: components["schemas"]["BooleanSetting"];
            audit_log_forward_endpoint?: components["schemas"]["TextSetting"];
            skip_audit_log_database?: components["schemas"]["BooleanSetting"];
            session_timeout?: components["schemas"]["NumberSetting"];
            disabled_audit_log_event_types?: components["schemas"]["TextSetting"];
        };
        TextSetting: {
            value?: string;
            editable?: boolean;
        };
        BooleanSetting: {
            value?: boolean;
            editable?: boolean;
        };
        NumberSetting: {
            value?: number;
            editable?: boolean;
        };
        Project: {
            project_id?: number;
            owner_id?: number;
            owner_name?: string;
            name?: string;
            /** @description Not 0 in a proxy cache. */
            registry_id?: number | null;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
            deleted?: boolean;
            togglable?: boolean;
            current_user_role_id?: number;
            current_user_role_ids?: number[] | null;
            repo_count?: number;
            metadata?: components["schemas"]["ProjectMetadata"];
            cve_allowlist?: components["schemas"]["CveAllowlist"];
        };
        /** @description Every value is text, also the yes and no ones. */
        ProjectMetadata: {
            public?: string;
            enable_content_trust?: string | null;
            enable_content_trust_cosign?: string | null;
            prevent_vul?: string | null;
            severity?: string | null;
            auto_scan?: string | null;
            auto_sbom_generation?: string | null;
            reuse_sys_cve_allowlist?: string | null;
            retention_id?: string | null;
            proxy_speed_kb?: string | null;
        };
        CveAllowlist: {
            id?: number;
            project_id?: number;
            expires_at?: number | null;
            items?: {
                cve_id?: string;
            }[];
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        NewProject: {
            project_name?: string;
            /** @description Old; metadata.public counts. */
            public?: boolean | null;
            metadata?: components["schemas"]["ProjectMetadata"];
            cve_allowlist?: components["schemas"]["CveAllowlist"];
            /** @description Bytes; -1 is unlimited. */
            storage_limit?: number | null;
            /** @description Makes it a proxy cache of that endpoint. */
            registry_id?: number | null;
        };
        Repository: {
            /** @description Sorted and asked for as `repository_id`. */
            id?: number;
            project_id?: number;
            /** @description With the project in front. */
            name?: string;
            description?: string;
            /** @description Tagged ones, and untagged ones that no index holds. */
            artifact_count?: number;
            pull_count?: number;
            /** Format: date-time */
            creation_time?: string;
            /**
             * Format: date-time
             * @description Moved by pushes from 2.16 on only.
             */
            update_time?: string;
        };
        Artifact: {
            id?: number;
            /** @description IMAGE, CHART, … */
            type?: string;
            /** @description Of the config. */
            media_type?: string;
            manifest_media_type?: string;
            artifact_type?: string;
            project_id?: number;
            repository_id?: number;
            /** @description With the project in front. */
            repository_name?: string;
            digest?: string;
            size?: number;
            icon?: string;
            /**
             * Format: date-time
             * @description When this digest first came; tags moving later does not change it.
             */
            push_time?: string;
            /** Format: date-time */
            pull_time?: string;
            extra_attrs?: {
                [key: string]: unknown;
            };
            annotations?: {
                [key: string]: string;
            } | null;
            references?: components["schemas"]["Reference"][] | null;
            tags?: components["schemas"]["Tag"][] | null;
            labels?: components["schemas"]["Label"][] | null;
            accessories?: components["schemas"]["Accessory"][] | null;
        };
        /** @description A child of an index. */
        Reference: {
            parent_id?: number;
            child_id?: number;
            child_digest?: string;
            platform?: components["schemas"]["Platform"];
            annotations?: {
                [key: string]: string;
            } | null;
            urls?: string[] | null;
        };
        Platform: {
            architecture?: string;
            os?: string;
            variant?: string;
        };
        Tag: {
            id?: number;
            repository_id?: number;
            artifact_id?: number;
            name?: string;
            /**
             * Format: date-time
             * @description When the tag was made or moved.
             */
            push_time?: string;
            /** Format: date-time */
            pull_time?: string;
            /** @description Only filled on request. */
            immutable?: boolean;
        };
        NewTag: {
            name?: string;
        };
        Label: {
            id?: number;
            name?: string;
            description?: string;
            color?: string;
            /** @description g or p. */
            scope?: string;
            project_id?: number;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        Accessory: {
            id?: number;
            artifact_id?: number;
            subject_artifact_id?: number;
            subject_artifact_digest?: string;
            subject_artifact_repo?: string;
            size?: number;
            digest?: string;
            /** @description signature.cosign, sbom.harbor, … */
            type?: string;
            icon?: string;
            /** Format: date-time */
            creation_time?: string;
        };
        Registry: {
            id?: number;
            /** @description Unique; at most 64 characters. */
            name?: string;
            url?: string;
            /** @description `harbor` for another Harbor. */
            type?: string;
            description?: string;
            /** @description Do not check the certificate. */
            insecure?: boolean;
            /** @description PEM; goes before `insecure`. */
            ca_certificate?: string;
            credential?: components["schemas"]["Credential"];
            /** @description What Harbor last believed; stays healthy while the other is down. */
            status?: string;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        Credential: {
            /** @description basic. */
            type?: string;
            /** @description Name of the account. */
            access_key?: string;
            /** @description Five stars in answers. */
            access_secret?: string;
        };
        RegistryUpdate: {
            name?: string | null;
            description?: string | null;
            url?: string | null;
            credential_type?: string | null;
            access_key?: string | null;
            /** @description Sent along whenever the URL changes; 2.16 forgets it otherwise. */
            access_secret?: string | null;
            insecure?: boolean | null;
            ca_certificate?: string | null;
        };
        RegistryPing: {
            id?: number | null;
            type?: string | null;
            url?: string | null;
            credential_type?: string | null;
            access_key?: string | null;
            access_secret?: string | null;
            insecure?: boolean | null;
            ca_certificate?: string | null;
        };
        RegistryInfo: {
            type?: string;
            description?: string;
            supported_resource_filters?: {
                type?: string;
                style?: string;
                values?: string[] | null;
            }[];
            supported_triggers?: string[];
            supported_copy_by_chunk?: boolean | null;
        };
        ReplicationPolicy: {
            id?: number;
            /** @description Unique. */
            name?: string;
            description?: string;
            /** @description Where it copies from; this Harbor when absent. Only its id counts in requests. */
            src_registry?: components["schemas"]["Registry"] | null;
            /** @description Where it copies to; this Harbor when absent. Only its id counts in requests. */
            dest_registry?: components["schemas"]["Registry"] | null;
            dest_namespace?: string;
            /** @description -1 flattens and is what an absent value means. */
            dest_namespace_replace_count?: number | null;
            trigger?: components["schemas"]["ReplicationTrigger"];
            filters?: components["schemas"]["ReplicationFilter"][] | null;
            /** @description Copy deletions too; the field that is read from requests. */
            deletion?: boolean;
            /** @description The same in answers; ignored in requests. */
            replicate_deletion?: boolean;
            override?: boolean;
            enabled?: boolean;
            /** @description Kilobits a second and task; 0 is unlimited. */
            speed?: number | null;
            copy_by_chunk?: boolean | null;
            single_active_replication?: boolean | null;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        ReplicationTrigger: {
            /** @description manual, scheduled or event_based. */
            type?: string;
            trigger_settings?: components["schemas"]["TriggerSettings"];
        } | null;
        TriggerSettings: {
            /** @description Six fields, evaluated in UTC; from 2.9 on the first is 0 and the second not a star. */
            cron?: string;
        } | null;
        ReplicationFilter: {
            /** @description name, tag, label or resource. */
            type?: string;
            /** @description A pattern; for labels a list of names. */
            value?: string | string[];
            /** @description matches or excludes. */
            decoration?: string;
        };
        NewExecution: {
            policy_id?: number;
        };
        Execution: {
            id?: number;
            policy_id?: number;
            /** @description InProgress, Succeed, Failed or Stopped. */
            status?: string;
            /** @description Why it failed where no task was made; else empty. */
            status_text?: string;
            trigger?: string;
            total?: number;
            failed?: number;
            succeed?: number;
            in_progress?: number;
            stopped?: number;
            /** Format: date-time */
            start_time?: string;
            /** Format: date-time */
            end_time?: string | null;
        };
        ReplicationTask: {
            id?: number;
            execution_id?: number;
            /** @description Pending, InProgress, Succeed, Failed or Stopped. */
            status?: string;
            job_id?: string;
            /** @description copy, deletion or tag deletion. 2.1 says it without publishing it. */
            operation?: string;
            resource_type?: string;
            /** @description `project/repository [n item(s) in total]`. */
            src_resource?: string;
            dst_resource?: string;
            /** Format: date-time */
            start_time?: string;
            /** Format: date-time */
            end_time?: string | null;
        };
        AuditLog: {
            id?: number;
            username?: string;
            /** @description `repository:tag`, or the repository with a digest. */
            resource?: string;
            /** @description artifact, tag, repository or project. */
            resource_type?: string;
            /** @description create, delete or pull. */
            operation?: string;
            /** Format: date-time */
            op_time?: string;
        };
        AuditLogExt: {
            id?: number;
            username?: string;
            resource?: string;
            resource_type?: string;
            operation?: string;
            /** @description Names the digest of a push. */
            operation_description?: string;
            operation_result?: boolean;
            /** Format: date-time */
            op_time?: string;
        };
        AuditEvent: {
            event_type?: string;
        };
        AuditPurge: {
            id?: number;
            job_name?: string;
            /** @description MANUAL or SCHEDULE. */
            job_kind?: string;
            /** @description JSON in a text, with audit_retention_hour and dry_run. */
            job_parameters?: string;
            job_status?: string;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        /** @description A rule of retention or immutability. */
        TagRule: {
            id?: number;
            priority?: number;
            disabled?: boolean;
            action?: string;
            template?: string;
            params?: {
                [key: string]: unknown;
            };
            tag_selectors?: components["schemas"]["Selector"][];
            scope_selectors?: {
                [key: string]: components["schemas"]["Selector"][];
            };
        };
        Selector: {
            /** @description doublestar. */
            kind?: string;
            /** @description matches or excludes; repoMatches or repoExcludes for repositories. */
            decoration?: string;
            pattern?: string;
            extras?: string;
        };
        Retention: {
            id?: number;
            algorithm?: string;
            rules?: components["schemas"]["TagRule"][];
            trigger?: {
                kind?: string;
                settings?: {
                    [key: string]: unknown;
                };
                references?: {
                    [key: string]: unknown;
                };
            };
            scope?: {
                level?: string;
                ref?: number;
            };
        };
        Quota: {
            id?: number;
            /** @description The project, with its id and name. */
            ref?: {
                [key: string]: unknown;
            };
            hard?: components["schemas"]["Amounts"];
            used?: components["schemas"]["Amounts"];
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        /** @description Bytes by kind; `storage` is the one that is used. */
        Amounts: {
            [key: string]: number;
        };
        Robot: {
            id?: number;
            name?: string;
            description?: string;
            /** @description system or project. */
            level?: string;
            /** @description Days; -1 is for ever. */
            duration?: number;
            disable?: boolean;
            /** @description Seconds since 1970; -1 is never. */
            expires_at?: number;
            permissions?: components["schemas"]["RobotPermission"][];
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        RobotPermission: {
            /** @description system or project. */
            kind?: string;
            /** @description `/`, a project, or `*`. */
            namespace?: string;
            access?: components["schemas"]["Access"][];
        };
        Access: {
            resource?: string;
            action?: string;
            effect?: string;
        };
        NewRobot: {
            name?: string;
            description?: string;
            secret?: string;
            level?: string;
            disable?: boolean;
            duration?: number;
            permissions?: components["schemas"]["RobotPermission"][];
        };
        CreatedRobot: {
            id?: number;
            /** @description With the prefix. */
            name?: string;
            secret?: string;
            /** Format: date-time */
            creation_time?: string;
            expires_at?: number;
        };
        WebhookPolicy: {
            id?: number;
            name?: string;
            description?: string;
            project_id?: number;
            targets?: components["schemas"]["WebhookTarget"][];
            event_types?: string[];
            creator?: string;
            enabled?: boolean;
            /** Format: date-time */
            creation_time?: string;
            /** Format: date-time */
            update_time?: string;
        };
        WebhookTarget: {
            /** @description http or slack. */
            type?: string;
            address?: string;
            auth_header?: string;
            skip_cert_verify?: boolean;
            payload_format?: string;
        };
    };
    responses: {
        /** @description Created; no body. */
        Created: {
            headers: {
                Location: components["headers"]["Location"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Why not: 400, 401, 403, 404, 409, 412, 422, or 500 with its text masked. */
        Refused: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Errors"];
            };
        };
    };
    parameters: {
        /** @description Number of the page, from 1. */
        page: number;
        /** @description Rows on a page, at most 100; 0 is all of them. */
        page_size: number;
        /** @description Number of the page, from 1. */
        pageSince22: number;
        /** @description Rows on a page, at most 100. */
        page_sizeSince22: number;
        /** @description Number of the page, from 1. */
        pageSince23: number;
        /** @description Rows on a page, at most 100. */
        page_sizeSince23: number;
        /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
        q: string;
        /** @description Conditions. */
        qSince23: string;
        /** @description Column to sort by, `-` in front for descending. */
        sort: string;
        /** @description Number of the object. */
        id: number;
        /** @description Name of the project. */
        project_name: string;
        /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
        project_name_or_id: string;
        /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
        repository_name: string;
        /** @description A tag or a digest. */
        reference: string;
        /** @description The project is given by name. */
        "X-Is-Resource-Name": boolean;
        /** @description Give the tags. */
        with_tag: boolean;
        /** @description Give the labels. */
        with_label: boolean;
        /** @description Give the accessories. */
        with_accessory: boolean;
        /** @description Say of each tag whether it is immutable. */
        with_immutable_status: boolean;
        /** @description Give the scan results. */
        with_scan_overview: boolean;
        /** @description Give the state of the SBOM. */
        with_sbom_overview: boolean;
    };
    requestBodies: never;
    headers: {
        /** @description How many rows the whole listing has. */
        "X-Total-Count": number;
        /** @description Address of what was created; ends in its id. */
        Location: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ping: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The word Pong. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Component states. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getSystemInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Facts about this Harbor. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemInfo"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getCurrentUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A person's account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getConfigurations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Configurations"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listProjects: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions. */
                q?: components["parameters"]["qSince23"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Part of the name. */
                name?: string;
                /** @description Only public or only private ones. */
                public?: boolean;
                /** @description Only those of this owner. */
                owner?: string;
                /** @description False leaves out members, counts and quota. */
                with_detail?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createProject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    headProject: {
        parameters: {
            query: {
                /** @description The whole name. */
                project_name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It exists. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    getProject: {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    deleteProject: {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    listProjectArtifacts: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Give the tags. */
                with_tag?: components["parameters"]["with_tag"];
                /** @description Give the labels. */
                with_label?: components["parameters"]["with_label"];
                /** @description Give the accessories. */
                with_accessory?: components["parameters"]["with_accessory"];
                /** @description Say of each tag whether it is immutable. */
                with_immutable_status?: components["parameters"]["with_immutable_status"];
                /** @description Give the scan results. */
                with_scan_overview?: components["parameters"]["with_scan_overview"];
                /** @description Give the state of the SBOM. */
                with_sbom_overview?: components["parameters"]["with_sbom_overview"];
                /** @description Only the newest of each repository; needs a type in `q`. */
                latest_in_repository?: boolean;
            };
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listImmutableTagRules: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["pageSince23"];
                /** @description Rows on a page, at most 100. */
                page_size?: components["parameters"]["page_sizeSince23"];
                /** @description Conditions. */
                q?: components["parameters"]["qSince23"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagRule"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createImmutableTagRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagRule"];
            };
        };
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    listWebhookPolicies: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["pageSince23"];
                /** @description Rows on a page, at most 100. */
                page_size?: components["parameters"]["page_sizeSince23"];
                /** @description Conditions. */
                q?: components["parameters"]["qSince23"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: {
                /** @description The project is given by name. */
                "X-Is-Resource-Name"?: components["parameters"]["X-Is-Resource-Name"];
            };
            path: {
                /** @description Name or id. Digits are an id unless X-Is-Resource-Name says otherwise. */
                project_name_or_id: components["parameters"]["project_name_or_id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policies. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPolicy"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listProjectLogs: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLog"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listProjectRepositories: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getRepository: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The repository. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    deleteRepository: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    listArtifacts: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Give the tags. */
                with_tag?: components["parameters"]["with_tag"];
                /** @description Give the labels. */
                with_label?: components["parameters"]["with_label"];
                /** @description Give the accessories. */
                with_accessory?: components["parameters"]["with_accessory"];
                /** @description Say of each tag whether it is immutable. */
                with_immutable_status?: components["parameters"]["with_immutable_status"];
                /** @description Give the scan results. */
                with_scan_overview?: components["parameters"]["with_scan_overview"];
                /** @description Give the state of the SBOM. */
                with_sbom_overview?: components["parameters"]["with_sbom_overview"];
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    copyArtifact: {
        parameters: {
            query: {
                /** @description `repository:tag` or `repository@digest`. */
                from: string;
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    getArtifact: {
        parameters: {
            query?: {
                /** @description Give the tags. */
                with_tag?: components["parameters"]["with_tag"];
                /** @description Give the labels. */
                with_label?: components["parameters"]["with_label"];
                /** @description Give the accessories. */
                with_accessory?: components["parameters"]["with_accessory"];
                /** @description Say of each tag whether it is immutable. */
                with_immutable_status?: components["parameters"]["with_immutable_status"];
                /** @description Give the scan results. */
                with_scan_overview?: components["parameters"]["with_scan_overview"];
                /** @description Give the state of the SBOM. */
                with_sbom_overview?: components["parameters"]["with_sbom_overview"];
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The artifact. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    deleteArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    listTags: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Say of each tag whether it is immutable. */
                with_immutable_status?: components["parameters"]["with_immutable_status"];
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTag"];
            };
        };
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    deleteTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
                /** @description The tag. */
                tag_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    listAccessories: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path: {
                /** @description Name of the project. */
                project_name: components["parameters"]["project_name"];
                /** @description Path inside the project, percent-encoded twice: `a/b` is `a%252Fb`. */
                repository_name: components["parameters"]["repository_name"];
                /** @description A tag or a digest. */
                reference: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accessory"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listRepositories: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Repository"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listRegistries: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["pageSince23"];
                /** @description Rows on a page, at most 100. */
                page_size?: components["parameters"]["page_sizeSince23"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Part of the name. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registry"];
            };
        };
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    pingRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistryPing"];
            };
        };
        responses: {
            /** @description Reached and let in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    getRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Registry"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    updateRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistryUpdate"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    deleteRegistry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    getRegistryInfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Abilities. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistryInfo"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listReplicationPolicies: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions. */
                q?: components["parameters"]["qSince23"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Part of the name. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplicationPolicy"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createReplicationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplicationPolicy"];
            };
        };
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    getReplicationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplicationPolicy"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    updateReplicationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplicationPolicy"];
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    deleteReplicationPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    listExecutions: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Only of this policy. */
                policy_id?: number;
                /** @description InProgress, Succeed, Failed or Stopped. */
                status?: string;
                /** @description manual, scheduled or event_based. */
                trigger?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    startExecution: {
        parameters: {
            query?: {
                /** @description `scheduled` notes the run as a scheduled one. */
                trigger?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewExecution"];
            };
        };
        responses: {
            201: components["responses"]["Created"];
            default: components["responses"]["Refused"];
        };
    };
    getExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The execution. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Execution"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    stopExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked to stop. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["pageSince22"];
                /** @description Rows on a page, at most 100. */
                page_size?: components["parameters"]["page_sizeSince22"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
                /** @description Pending, InProgress, Succeed, Failed or Stopped. */
                status?: string;
                /** @description What is copied. */
                resource_type?: string;
            };
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplicationTask"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getTaskLog: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
                /** @description The task. */
                task_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listAdapters: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Names. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string[];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listAuditLogs: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLog"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listAuditLogExts: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLogExt"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listAuditEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kinds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEvent"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listAuditPurges: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPurge"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getRetention: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policy. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listQuotas: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Field to sort by. */
                sort?: string;
                /** @description What the quota is of: `project`. */
                reference?: string;
                /** @description Id of that object. */
                reference_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quota"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getQuota: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of the object. */
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The quota. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quota"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    listRobots: {
        parameters: {
            query?: {
                /** @description Number of the page, from 1. */
                page?: components["parameters"]["page"];
                /** @description Rows on a page, at most 100; 0 is all of them. */
                page_size?: components["parameters"]["page_size"];
                /** @description Conditions: `k=v`, `k=~part`, `k=[from~to]` with both ends included, `k={a b}`; joined by commas. */
                q?: components["parameters"]["q"];
                /** @description Column to sort by, `-` in front for descending. */
                sort?: components["parameters"]["sort"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    "X-Total-Count": components["headers"]["X-Total-Count"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Robot"][];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    createRobot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRobot"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedRobot"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    getRobot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The robot. */
                robot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The robot. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Robot"];
                };
            };
            default: components["responses"]["Refused"];
        };
    };
    deleteRobot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The robot. */
                robot_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Refused"];
        };
    };
}
