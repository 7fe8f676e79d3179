import BakeModel
import YAMLDocument

/// The file that `bake env apply` takes: the policy of a store.
public enum PolicyFile {
    private static let keys = [
        "environments", "pipelines", "signers", "operators", "builders", "anchor", "max_size",
    ]
    private static let laterKeys = ["hosts"]

    /// Reads the files that a policy names, by their path beside it.
    public typealias Attachments = (_ path: String) throws -> [UInt8]

    /// Reads and checks a policy file. `file` names it in faults. Throws all faults at once; a key that this version
    /// does not know is one of them, since an ignored gate would be an open gate.
    public static func read(
        _ bytes: [UInt8], file: String, attachments: @escaping Attachments = { _ in throw NoAttachments() }
    ) throws(SourceFaults) -> Policy {
        var (yaml, root) = YAMLReader.open(bytes, file: file)
        guard let root, let top = yaml.record(root, "a policy", keys: keys, later: laterKeys) else {
            return try yaml.finish(nil)
        }
        guard let node = top["environments"] else {
            yaml.note("the policy has no \"environments\"", at: top.position)
            return try yaml.finish(nil)
        }
        guard let mapping = yaml.mapping(node, "environments") else { return try yaml.finish(nil) }
        var pipelines: [PipelinePolicy] = []
        if let node = top["pipelines"], let mapping = yaml.mapping(node, "pipelines") {
            var clause = PipelinesClause(mapping: mapping, yaml: yaml)
            pipelines = clause.read()
            yaml = clause.yaml
        }
        var people = SignersClause(attachments: attachments, yaml: yaml)
        let signers = top["signers"].flatMap { people.signers($0) }
        let operators = top["operators"].map { people.operators($0, among: signers) } ?? []
        var storeClause = StoreClause(attachments: attachments, yaml: people.yaml)
        let builders = top["builders"].map { storeClause.builders($0) } ?? []
        let anchor = top["anchor"].flatMap { storeClause.anchor($0) }
        let maxSize = top["max_size"].flatMap { storeClause.maxSize($0) }
        var clause = EnvironmentsClause(
            mapping: mapping, signers: signers, hasBuilders: !builders.isEmpty, attachments: attachments,
            yaml: storeClause.yaml)
        let environments = clause.read()
        return try clause.yaml.finish(
            Policy(
                environments: environments, pipelines: pipelines, operators: operators, signers: signers,
                builders: builders, anchor: anchor, maxSize: maxSize))
    }
}

/// A policy that names further files was read from where there are none.
public struct NoAttachments: Error {
    /// Describes the lack.
    public init() {}
}
