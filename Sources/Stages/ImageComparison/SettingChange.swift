import BakeModel

/// A member of the image configuration that differs: how programs are started.
public struct SettingChange: Hashable, Sendable {
    /// The member as OCI spells it, `Cmd`.
    public let name: String
    /// What it was; nil where it was absent.
    public let before: JSON?
    /// What it is; nil where it is absent.
    public let after: JSON?

    /// Compares two configurations, member by member in the order of their names.
    public static func all(from old: ImageConfiguration, to new: ImageConfiguration) -> [SettingChange] {
        let before = old.ociJSON.members ?? [:]
        let after = new.ociJSON.members ?? [:]
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            before[name] == after[name] ? nil : SettingChange(name: name, before: before[name], after: after[name])
        }
    }
}
