# E-mails, in French. A narrow no-break space stands before : ; ! ? and », and after «.

## Every e-mail

greeting = Bonjour,
greeting-named = Bonjour { $customer_name },
footer-preferences = Gérer mes préférences
footer-unsubscribe = Se désinscrire
offer-label = Pour vous

## Welcome

welcome-subject = Bienvenue chez { $shop_name }
welcome-preheader = Merci d’avoir pris contact avec nous.
welcome-heading = Bienvenue !
welcome-intro =
    Merci d’avoir pris contact avec nous : tout nous est bien parvenu.

    Une question, une envie ? Répondez simplement à cet e-mail, nous vous lirons avec plaisir.
welcome-closing =
    À très bientôt,
    { $shop_name }
welcome-reason = Vous recevez cet e-mail parce que cette adresse nous a été communiquée. Si ce n’était pas vous, ignorez-le.

## A consent to confirm

confirm-consent-subject = Plus qu’un clic pour { $shop_name }
confirm-consent-preheader = Confirmez que c’est bien vous, et c’est tout.
confirm-consent-heading = Plus qu’un clic
confirm-consent-intro = Cette adresse nous a été donnée avec l’accord suivant. Est-ce bien le vôtre ? Confirmez-le sur la page qui s’ouvre : sans cela, il ne compte pas.
confirm-consent-open = Voir et confirmer
confirm-consent-ignore = Ce lien est valable sept jours. Si cette demande ne vient pas de vous, ne faites rien : cet accord ne comptera pas.
confirm-consent-reason = Vous recevez cet e-mail parce que cette adresse nous a été communiquée.

## A code that proves an address

confirm-address-subject = Votre code pour { $shop_name }
confirm-address-preheader = Il est valable dix minutes.
confirm-address-heading = Votre code
confirm-address-intro = Saisissez ce code sur la page restée ouverte pour confirmer votre adresse. Il est valable dix minutes.
confirm-address-ignore = Vous n’avez rien demandé ? Ignorez cet e-mail et ne donnez ce code à personne : nous ne vous le demanderons jamais.
confirm-address-reason = Vous recevez cet e-mail parce qu’un code a été demandé pour cette adresse.

## Order confirmation

order-confirmation-subject = Votre commande { $number } chez { $shop_name }
order-confirmation-preheader = Nous avons bien reçu votre commande : { $total }.
order-confirmation-heading = Merci pour votre commande !
order-confirmation-intro = Nous avons bien reçu votre commande du { $placed_on } et nous nous en occupons. En voici le détail.
order-confirmation-number = Commande { $number }
order-confirmation-total = Total
order-confirmation-total-line = Total : { $total }
order-confirmation-note = Votre message
order-confirmation-open = Voir ma commande
order-confirmation-closing =
    Merci de votre confiance,
    { $shop_name }
order-confirmation-reason = Vous recevez cet e-mail parce qu’une commande a été passée avec cette adresse.

## An order on its way

order-confirmed-subject = Votre commande { $number } est confirmée
order-confirmed-preheader = Nous nous en occupons.
order-confirmed-heading = Commande confirmée
order-confirmed-intro = Bonne nouvelle : votre commande est acceptée, et nous nous en occupons. En voici le détail.
order-confirmed-closing =
    Merci de votre confiance,
    { $shop_name }
order-confirmed-reason = Vous recevez cet e-mail parce qu’une commande a été passée avec cette adresse.
order-in-production-subject = Votre commande { $number } est en préparation
order-in-production-preheader = Nous la préparons avec soin.
order-in-production-heading = En préparation
order-in-production-intro = Nous préparons votre commande, avec soin et au plus vite. En voici le détail.
order-in-production-closing =
    À très bientôt,
    { $shop_name }
order-in-production-reason = Vous recevez cet e-mail parce qu’une commande a été passée avec cette adresse.
order-shipped-subject = Votre commande { $number } est en route
order-shipped-preheader = Elle vient de partir vers vous.
order-shipped-heading = En route vers vous
order-shipped-intro = Votre commande vient de partir. En voici le détail, pour vérifier à l’arrivée que tout y est.
order-shipped-closing =
    À très bientôt,
    { $shop_name }
order-shipped-reason = Vous recevez cet e-mail parce qu’une commande a été passée avec cette adresse.
order-delivered-subject = Votre commande { $number } est livrée
order-delivered-preheader = Nous espérons que tout vous plaira.
order-delivered-heading = Commande livrée
order-delivered-intro = Votre commande est arrivée. Nous espérons que tout vous plaira ; s’il manque quoi que ce soit, répondez simplement à cet e-mail.
order-delivered-closing =
    Merci de votre confiance,
    { $shop_name }
order-delivered-reason = Vous recevez cet e-mail parce qu’une commande a été passée avec cette adresse.
order-cancelled-subject = Votre commande { $number } est annulée
order-cancelled-preheader = Elle ne sera pas livrée.
order-cancelled-heading = Commande annulée
order-cancelled-intro = La commande ci-dessous est annulée : elle ne sera pas livrée. Une question ? Répondez simplement à cet e-mail, nous vous lirons avec attention.
order-cancelled-closing =
    Bien à vous,
    { $shop_name }
order-cancelled-reason = Vous recevez cet e-mail parce qu’une commande a été passée avec cette adresse.

## A link to order by

order-link-subject = Votre page de commande chez { $shop_name }
order-link-preheader = Nos produits, à vos prix, sans compte ni mot de passe.
order-link-heading = Votre page de commande
order-link-intro = Voici votre page rien qu’à vous : nos produits, à vos prix. Choisissez, vérifiez, commandez : ni compte, ni mot de passe.
order-link-open = Passer commande
order-link-until = Ce lien est valable jusqu’au { $expires_on }. Il est personnel : ne le transférez pas, car il permet de commander à votre nom.
order-link-closing =
    À très bientôt,
    { $shop_name }
order-link-reason = Vous recevez cet e-mail parce que { $shop_name } vous invite à commander par cette page.

## An order left on the way

abandoned-order-subject = Votre commande vous attend chez { $shop_name }
abandoned-order-preheader = Tout est gardé, tel que vous l’avez laissé.
abandoned-order-heading = Votre choix vous attend
abandoned-order-intro = Vous aviez commencé une commande : nous avons gardé votre choix. Les prix et les stocks sont ceux du jour où vous commanderez.
abandoned-order-open = Reprendre ma commande
abandoned-order-closing =
    À bientôt,
    { $shop_name }
abandoned-order-reason = Vous recevez cet e-mail parce que vous avez accepté de recevoir nos nouvelles.

## Birthday

birthday-subject = Joyeux anniversaire de la part de { $shop_name } !
birthday-preheader = Une pensée pour vous en ce jour particulier.
birthday-heading = Joyeux anniversaire !
birthday-intro = Toute l’équipe vous souhaite une très belle journée, pleine de surprises et de bons moments.
birthday-closing =
    Bien à vous,
    { $shop_name }
birthday-reason = Vous recevez cet e-mail parce que vous avez accepté de recevoir nos nouvelles.
birthday-soon-subject = Votre anniversaire approche : { $shop_name } pense à vous
birthday-soon-preheader = Une pensée, avec un peu d’avance.
birthday-soon-heading = Votre anniversaire approche !
birthday-soon-intro = Votre anniversaire approche, et toute l’équipe pense à vous. Nous vous souhaitons d’avance une très belle journée.
birthday-soon-closing =
    Bien à vous,
    { $shop_name }
birthday-soon-reason = Vous recevez cet e-mail parce que vous avez accepté de recevoir nos nouvelles.

## Reactivation

reactivation-subject = Des nouvelles de { $shop_name }
reactivation-preheader = Cela fait un moment que nous n’avons plus de vos nouvelles.
reactivation-heading = Vous nous manquez !
reactivation-intro = Votre dernière commande date du { $last_order_on }. Depuis, bien des choses ont changé chez nous : nous serions ravis de vous les faire découvrir.
reactivation-closing =
    Au plaisir de vous revoir,
    { $shop_name }
reactivation-reason = Vous recevez cet e-mail parce que vous avez accepté de recevoir nos nouvelles.

## After the first purchase

satisfaction-subject = Votre premier achat vous a-t-il plu ?
satisfaction-preheader = Une réponse de deux mots nous aide déjà.
satisfaction-heading = Tout s’est bien passé ?
satisfaction-intro =
    Vous avez fait votre premier achat chez nous, le { $placed_on }. Tout vous a plu ? Quelque chose aurait pu être mieux ?

    Répondez simplement à cet e-mail : nous lisons chaque réponse.
satisfaction-closing =
    Merci de votre confiance,
    { $shop_name }
satisfaction-reason = Vous recevez cet e-mail parce que vous avez accepté de recevoir nos nouvelles.

## Export ready

export-ready-subject = Votre export « { $file_name } » est prêt
export-ready-preheader = Le fichier vous attend jusqu’au { $expires_on }.
export-ready-heading = Votre export est prêt
export-ready-intro =
    { $rows ->
        [0] Le fichier « { $file_name } » ne contient aucune ligne.
        [one] Le fichier « { $file_name } » contient { $rows } ligne.
       *[other] Le fichier « { $file_name } » contient { $rows } lignes.
    } Jusqu’au { $expires_on }, vous pouvez le télécharger là où il a été demandé.
export-ready-warning = Ce fichier contient des données personnelles : ne le transférez pas et supprimez-le dès que vous n’en avez plus besoin.
export-ready-reason = Vous recevez cet e-mail parce qu’un export a été demandé pour { $shop_name }.

## Notices to staff

notice-submission-subject = Nouveau message par le formulaire « { $form } »
notice-submission-preheader = Une personne a écrit à { $shop_name }.
notice-submission-heading = Nouveau message
notice-submission-intro = Une personne a rempli le formulaire « { $form } ». Voici ce qu’elle a écrit, tel quel.
notice-submission-reason = Vous recevez cet e-mail parce que vous faites partie de l’équipe de { $shop_name }.
notice-deletion-subject = { $customer } a fait supprimer ses données
notice-deletion-preheader = Rien à faire : la suppression est en cours.
notice-deletion-heading = Données supprimées
notice-deletion-intro =
    { $customer } ({ $email }) a demandé la suppression de ses données sur sa page de préférences. Sa fiche est effacée ; le reste suit de lui-même. Seules ses commandes restent pour votre comptabilité, sans son nom.

    Si vous conservez ses coordonnées ailleurs, pensez à les y effacer aussi. Cet e-mail en contient : supprimez-le une fois lu.
notice-deletion-comment = Son commentaire
notice-deletion-reason = Vous recevez cet e-mail parce que vous faites partie de l’équipe de { $shop_name }.
notice-bounces-subject = Vos e-mails commerciaux sont en pause
notice-bounces-preheader = Trop d’adresses n’existent pas : { $share } de vos e-mails ont été refusés.
notice-bounces-heading = E-mails commerciaux en pause
notice-bounces-intro =
    Ces 30 derniers jours, { $count } de vos { $sent } e-mails, soit { $share }, ont été refusés parce que l’adresse n’existe pas. Les messageries se méfient vite de tout ce qu’envoie une boutique dans ce cas : dès { $least } refus, s’ils représentent au moins { $limit } de ses e-mails, nous mettons en pause ses envois commerciaux. Les vôtres le sont donc : anniversaires, relances, commandes oubliées, question après le premier achat. Les confirmations de commande et les autres e-mails attendus partent toujours.

    Que faire ? Cherchez d’où viennent ces adresses : un ancien fichier, des saisies trop rapides. Celles qui ont été refusées ne recevront plus rien, inutile de les retirer une à une.

    Ensuite, un propriétaire ou un responsable relance les envois (DELETE /v1/automations/pause) : le compte repart de zéro. Les e-mails qui devaient partir pendant la pause ne seront pas rattrapés.
notice-bounces-reason = Vous recevez cet e-mail parce que vous faites partie de l’équipe de { $shop_name }.
notice-complaints-subject = Vos e-mails commerciaux sont en pause
notice-complaints-preheader = Trop de personnes signalent vos e-mails comme indésirables : { $share }.
notice-complaints-heading = E-mails commerciaux en pause
notice-complaints-intro =
    Ces 30 derniers jours, { $count } de vos { $sent } e-mails, soit { $share }, ont été signalés comme indésirables par leurs destinataires. Les messageries se méfient vite de tout ce qu’envoie une boutique dans ce cas : dès { $least } signalements, s’ils représentent au moins { $limit } de ses e-mails, nous mettons en pause ses envois commerciaux. Les vôtres le sont donc : anniversaires, relances, commandes oubliées, question après le premier achat. Les confirmations de commande et les autres e-mails attendus partent toujours.

    Que faire ? Vérifiez que ces personnes ont bien demandé vos offres, et relisez ce que vous leur écrivez : moins souvent, plus utile. Les personnes qui se sont plaintes ne recevront plus rien.

    Ensuite, un propriétaire ou un responsable relance les envois (DELETE /v1/automations/pause) : le compte repart de zéro. Les e-mails qui devaient partir pendant la pause ne seront pas rattrapés.
notice-complaints-reason = Vous recevez cet e-mail parce que vous faites partie de l’équipe de { $shop_name }.
