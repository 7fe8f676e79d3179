import BakeModel
import YAMLDocument

/// The file that `bake env apply` takes: the policy of a store.
public enum PolicyFile {
    private static let laterKeys = ["hosts", "builders"]

    /// Reads and checks a policy file. `file` names it in faults. Throws all faults at once; a key that this version
    /// does not know is one of them, since an ignored gate would be an open gate.
    public static func read(_ bytes: [UInt8], file: String) throws(SourceFaults) -> Policy {
        var (yaml, root) = YAMLReader.open(bytes, file: file)
        guard let root, let top = yaml.record(root, "a policy", keys: ["environments", "pipelines"], later: laterKeys)
        else {
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
        var clause = EnvironmentsClause(mapping: mapping, yaml: yaml)
        let environments = clause.read()
        return try clause.yaml.finish(Policy(environments: environments, pipelines: pipelines))
    }
}
