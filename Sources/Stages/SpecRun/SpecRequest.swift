import BakeModel

/// What the helper is asked: a spec, what it is run on, and how long that may take to be as expected.
struct SpecRequest: Hashable {
    /// The store's path.
    var store: String
    /// The directory for what is unfinished and what can be made again; the store's path where the user may write to it.
    var workspace: String
    /// The spec as `Spec.document` keeps it, and the name of its file.
    var text: String
    var name: String
    var subject: SpecSubject
    /// The roots of the stages that the spec's commands run in, by name.
    var stages: [String: StageRoot] = [:]
    /// Why the roots of other stages are not at hand, by name.
    var absences: [String: String] = [:]
    /// The images that are booted beside the one that is tested, by the references that name them.
    var images: [String: StageRoot] = [:]
    /// What commands on the machine itself find in their environment, `NAME=value`.
    var environment: [String] = []
    /// How long what is asked of the running image may take to become so.
    var patience: SpecPatience

    /// The request's text.
    var json: JSON {
        [
            "store": .string(store), "workspace": .string(workspace), "text": .string(text), "name": .string(name),
            "patience": patience.json, "subject": subject.json,
            "stages": .object(stages.mapValues(\.json)), "absences": .object(absences.mapValues(JSON.string)),
            "images": .object(images.mapValues(\.json)),
            "environment": .array(environment.map(JSON.string)),
        ]
    }
}

extension SpecRequest {
    /// Reads what `json` wrote; nil where a member is missing or malformed.
    init?(_ json: JSON) {
        guard let store = json["store"]?.string, let workspace = json["workspace"]?.string,
            let text = json["text"]?.string, let name = json["name"]?.string,
            let patience = json["patience"].flatMap(SpecPatience.init),
            let subject = json["subject"].flatMap(SpecSubject.init),
            let stages = json["stages"].flatMap(StageRoot.all), let images = json["images"].flatMap(StageRoot.all)
        else { return nil }
        self.init(
            store: store, workspace: workspace, text: text, name: name, subject: subject, stages: stages,
            absences: json["absences"]?.members?.compactMapValues(\.string) ?? [:], images: images,
            environment: json["environment"]?.items?.compactMap(\.string) ?? [],
            patience: patience)
    }
}

extension SpecPatience {
    fileprivate var json: JSON {
        ["deadline": .number(deadline), "pause": .number(pause), "repeatsCommands": .bool(repeatsCommands)]
    }

    fileprivate init?(_ json: JSON) {
        guard let deadline = json["deadline"]?.number, let pause = json["pause"]?.number,
            let repeatsCommands = json["repeatsCommands"]?.bool
        else { return nil }
        self.init(deadline: deadline, pause: pause)
        self.repeatsCommands = repeatsCommands
    }
}

extension SpecSubject {
    fileprivate var json: JSON {
        switch self {
        case .image(let layers, let configuration): StageRoot(layers: layers, configuration: configuration).json
        case .directory(let path): ["directory": .string(path)]
        }
    }

    fileprivate init?(_ json: JSON) {
        if let path = json["directory"]?.string {
            self = .directory(path)
        } else {
            guard let root = StageRoot(json) else { return nil }
            self = .image(layers: root.layers, configuration: root.configuration)
        }
    }
}

extension StageRoot {
    /// Roots by name; nil where one is malformed.
    fileprivate static func all(_ json: JSON) -> [String: StageRoot]? {
        guard let members = json.members else { return nil }
        let roots = members.compactMapValues(StageRoot.init)
        return roots.count == members.count ? roots : nil
    }

    /// The root's text.
    var json: JSON {
        ["layers": .array(layers.map(\.json)), "configuration": configuration.json]
    }

    /// Reads what `json` wrote; nil where a member is missing or malformed.
    init?(_ json: JSON) {
        guard let layers = json["layers"]?.all(Layer.init),
            let configuration = json["configuration"].flatMap(ImageConfiguration.init)
        else { return nil }
        self.init(layers: layers, configuration: configuration)
    }
}
