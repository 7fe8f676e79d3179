/// A user of the image.
struct UserState: ResourceState {
    let accounts: AccountDatabase
    let name: String

    func value(of property: Property) throws -> FoundValue {
        let user = accounts.user(named: name)
        if property == .exists { return .bool(user != nil) }
        guard let user else { throw StateError(subject: name, reason: "the image has no such user") }
        switch property {
        case .uid: return .number(Int64(user.number))
        case .gid: return .number(Int64(user.group))
        case .home: return .text(user.home)
        case .groups: return .texts(accounts.groupNames(of: user))
        case .shell: return .text(user.shell)
        default: throw StateError.unasked(property, of: name)
        }
    }
}
