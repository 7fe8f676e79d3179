// The member `config` of an OCI image configuration. OCI image specification 1.1, "Image Configuration".

extension ImageConfiguration {
    /// The configuration as OCI documents spell it; what is absent is left out.
    public var ociJSON: JSON {
        let list: ([String]) -> JSON? = { $0.isEmpty ? nil : .array($0.map(JSON.string)) }
        // The specification's spelling of a set: an object of empty objects.
        let set: ([String]) -> JSON? = { names in
            names.isEmpty ? nil : .object(Dictionary(names.map { ($0, JSON.object([:])) }, uniquingKeysWith: { $1 }))
        }
        return .record([
            "Entrypoint": entrypoint.flatMap(list), "Cmd": command.flatMap(list), "Env": list(environment),
            "ExposedPorts": set(ports), "User": user.map(JSON.string), "WorkingDir": workingDirectory.map(JSON.string),
            "Labels": labels.isEmpty ? nil : .object(labels.mapValues(JSON.string)),
            "StopSignal": stopSignal.map(JSON.string), "Volumes": set(volumes),
        ])
    }

    /// Reads a configuration that any tool wrote; members that bake does not know are left out.
    public init(oci json: JSON) {
        self.init(
            entrypoint: json["Entrypoint"]?.strings, command: json["Cmd"]?.strings,
            environment: json["Env"]?.strings ?? [], ports: json["ExposedPorts"]?.members?.keys.sorted() ?? [],
            user: json["User"]?.string, workingDirectory: json["WorkingDir"]?.string,
            labels: json["Labels"]?.members?.compactMapValues(\.string) ?? [:],
            stopSignal: json["StopSignal"]?.string, volumes: json["Volumes"]?.members?.keys.sorted() ?? [])
    }
}
