import type { Translated } from '../en';
import type { customers as en } from '../en/customers';

export const customers: Translated<typeof en> = {
  'customers.intro': 'Les entreprises qui utilisent votre produit.',
  'customers.new': 'Nouveau client',
  'customers.new.text': 'Seul le nom est nécessaire. Tout sauf le slug peut être modifié plus tard.',
  'customers.search': 'Rechercher un client',
  'customers.search.hint': 'La recherche trouve le texte dans les noms, slugs, domaines et identifiants externes.',
  'customers.empty': 'Pas encore de clients',
  'customers.empty.text':
    'Un client est une entreprise qui utilise votre produit. Ajoutez le premier ici, ou laissez votre CRM ou votre inscription le faire avec POST /api/customers.',
  'customers.all': 'Tous les clients',
  'customers.name.help': 'Son nom usuel. Il n’a pas à être unique.',
  'customers.name.example': 'Sakura Tokyo',
  'customers.slug.help': 'Le nom qu’emploient les programmes ; il est définitif. Tiré du nom si ce champ reste vide.',
  'customers.slug.fixed': 'Ne peut pas être modifié : les programmes désignent le client ainsi.',
  'customers.slug.taken': 'Un autre client a déjà ce slug. Choisissez-en un autre, ou laissez ce champ vide.',
  'customers.slug.form':
    'De deux à cent lettres minuscules, chiffres et traits d’union, avec une lettre ou un chiffre aux deux bouts.',
  'customers.domain': 'Domaine',
  'customers.domain.help': 'Domaine Internet, par exemple tokyo.sakura.example.',
  'customers.domain.form': 'Un domaine en minuscules avec au moins un point, par exemple sakura.example.',
  'customers.external': 'Identifiant externe',
  'customers.external.help': 'Son identifiant dans votre CRM ou votre facturation.',
  'customers.details': 'Détails',
  'customers.id': 'Identifiant',
  'customers.updated': 'Modifié',
  'customers.by': 'par {name}',
  'customers.edit': 'Modifier le client',
  'customers.created.toast': '{name} a été créé.',
  'customers.saved.toast': '{name} a été enregistré.',
  'customers.deleted.toast': '{name} a été supprimé.',
  'customers.delete': 'Supprimer le client',
  'customers.delete.text':
    '{name} disparaît définitivement, et son slug {slug} redevient libre. Rien d’autre n’est supprimé avec lui.',
  'customers.delete.has': {
    one: '{name} a {count} instance. Un client ne peut être supprimé que lorsqu’il n’en a plus : rattachez-la à un autre client, ou supprimez-la.',
    other:
      '{name} a {count} instances. Un client ne peut être supprimé que lorsqu’il n’en a plus : rattachez-les à un autre client, ou supprimez-les.',
  },
  'customers.delete.first': 'Supprimez d’abord ses instances',
  'customers.delete.show': 'Voir ses instances',
  'customers.instances.empty': 'Pas encore d’instances',
  'customers.instances.empty.text':
    'Une instance est une installation de votre produit pour ce client : production, préproduction, une région.',

  'form.required': 'Remplissez ce champ.',
  'form.tooLong': '{max} caractères au plus ; il y en a {count}.',
  'form.control': 'Les sauts de ligne et les caractères de contrôle ne sont pas permis ici.',
  'form.changed': '{name} a modifié cela entre-temps',
  'form.changed.text':
    'Depuis que vous avez ouvert ce formulaire, ces champs ont reçu une autre valeur. Enregistrez la vôtre à la place, ou reprenez l’actuelle et relisez.',
  'form.changed.present': 'Actuellement',
  'form.changed.yours': 'Votre saisie',
  'form.changed.mine': 'Enregistrer la mienne',
  'form.changed.theirs': 'Reprendre l’actuelle',
  'form.restored': 'Vous avez saisi ceci plus tôt.',
  'form.startOver': 'Recommencer',
  'form.ended':
    'Votre session est terminée. Ouvrez un nouveau lien de connexion dans un autre onglet de ce navigateur, puis enregistrez de nouveau ici : votre saisie est conservée.',

  'pager.label': 'Pages',
  'pager.range': '{from}–{to} sur {total}',
  'pager.first': 'Première page',
  'pager.previous': 'Précédente',
  'pager.next': 'Suivante',
  'pager.over': 'Cette page est vide maintenant : ce qui y était a disparu.',
  'pager.broken':
    'Cette adresse ne mène à aucune page de la liste. Elle est peut-être triée ou filtrée autrement maintenant.',
};
