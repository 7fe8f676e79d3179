/// A group of the image.
struct GroupState: ResourceState {
    let accounts: AccountDatabase
    let name: String

    func value(of property: Property) throws -> FoundValue {
        let group = accounts.group(named: name)
        if property == .exists { return .bool(group != nil) }
        guard let group else { throw StateError(subject: name, reason: "the image has no such group") }
        guard property == .gid else { throw StateError.unasked(property, of: name) }
        return .number(Int64(group.number))
    }
}
