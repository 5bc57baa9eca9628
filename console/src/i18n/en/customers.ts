export const customers = {
  'customers.intro': 'The companies that use your product.',
  'customers.new': 'New customer',
  'customers.new.text': 'Only the name is needed. Everything but the slug can be changed later.',
  'customers.search': 'Search name, slug, domain, external id',
  'customers.search.hint': 'The search looks for the text in names, slugs, domains and external ids.',
  'customers.empty': 'No customers yet',
  'customers.empty.text':
    'A customer is a company that uses your product. Add the first one here, or let your CRM or sign-up do it through POST /api/customers.',
  'customers.all': 'All customers',
  'customers.name.help': 'What people call it. Need not be unique.',
  'customers.name.example': 'Sakura Tokyo',
  'customers.slug.help': 'How programs name it; it stays for good. Made from the name when left empty.',
  'customers.slug.fixed': 'Cannot be changed: programs name the customer by it.',
  'customers.slug.taken': 'Another customer has this slug. Choose another one, or leave it empty.',
  'customers.slug.form':
    'Two to a hundred lower-case letters, digits and hyphens, with a letter or digit at both ends.',
  'customers.domain': 'Domain',
  'customers.domain.help': 'Internet domain, such as tokyo.sakura.example.',
  'customers.domain.form': 'A domain in lower case with at least one dot, such as sakura.example.',
  'customers.external': 'External id',
  'customers.external.help': 'Its id in your CRM or billing.',
  'customers.details': 'Details',
  'customers.id': 'Id',
  'customers.updated': 'Changed',
  'customers.by': 'by {name}',
  'customers.edit': 'Edit customer',
  'customers.created.toast': '{name} has been created.',
  'customers.saved.toast': '{name} has been saved.',
  'customers.deleted.toast': '{name} has been deleted.',
  'customers.delete': 'Delete customer',
  'customers.delete.text':
    '{name} is gone for good, and its slug {slug} is free again. Nothing else is deleted with it.',
  'customers.delete.has': {
    one: '{name} has {count} instance. A customer can be deleted once it has none: move it to another customer, or delete it.',
    other:
      '{name} has {count} instances. A customer can be deleted once it has none: move them to another customer, or delete them.',
  },
  'customers.delete.first': 'Delete its instances first',
  'customers.delete.show': 'Show its instances',
  'customers.instances.empty': 'No instances yet',
  'customers.instances.empty.text':
    'An instance is one installation of your product for this customer: production, staging, a region.',

  'form.required': 'Fill this in.',
  'form.tooLong': 'At most {max} characters; this has {count}.',
  'form.control': 'Line breaks and control characters are not allowed here.',
  'form.changed': '{name} changed this meanwhile',
  'form.changed.text':
    'Since you opened this form, {fields} has another value. Save yours over it, or take the present one and look again.',
  'form.changed.mine': 'Save mine',
  'form.changed.theirs': 'Take the present one',
  'form.ended':
    'Your session has ended. Open a new sign-in link in another tab of this browser, then save again here: what you have typed is still here.',

  'pager.label': 'Pages',
  'pager.range': '{from}–{to} of {total}',
  'pager.first': 'First page',
  'pager.previous': 'Previous',
  'pager.next': 'Next',
  'pager.over': 'This page is empty now: what was on it is gone.',
  'pager.broken': 'This address leads to no page of the list. The list may be ordered or searched differently now.',
} as const;
